// Starts `recode dap` for launch configurations of type recode.
"use strict";

const vscode = require("vscode");

const factory = {
  createDebugAdapterDescriptor(session) {
    const folder = session.workspaceFolder;
    const options = folder ? { cwd: folder.uri.fsPath } : {};
    return new vscode.DebugAdapterExecutable(session.configuration.recode || "recode", ["dap"], options);
  },
};

function activate(context) {
  context.subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory("recode", factory));
}

module.exports = { activate };
