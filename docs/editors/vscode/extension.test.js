// Tests the extension with a stand-in for the editor, and its package.json against the command.
"use strict";

const assert = require("node:assert");
const Module = require("node:module");
const test = require("node:test");

class DebugAdapterExecutable {
  constructor(command, args, options) {
    Object.assign(this, { command, args, options });
  }
}

const registered = {};
const vscode = {
  DebugAdapterExecutable,
  debug: {
    registerDebugAdapterDescriptorFactory(type, factory) {
      registered[type] = factory;
      return { dispose() {} };
    },
  },
};
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require("./extension.js");
const manifest = require("./package.json");

test("a configuration of the contributed type starts recode dap in the workspace", () => {
  const context = { subscriptions: [] };
  extension.activate(context);
  assert.strictEqual(context.subscriptions.length, 1);
  const [{ type }] = manifest.contributes.debuggers;
  const factory = registered[type];
  const session = { configuration: {}, workspaceFolder: { uri: { fsPath: "/work" } } };
  const found = factory.createDebugAdapterDescriptor(session);
  assert.deepStrictEqual({ ...found }, { command: "recode", args: ["dap"], options: { cwd: "/work" } });
  const other = factory.createDebugAdapterDescriptor({ configuration: { recode: "/opt/recode" } });
  assert.deepStrictEqual({ ...other }, { command: "/opt/recode", args: ["dap"], options: {} });
});

test("breakpoints can be set in Python files and a first configuration is offered", () => {
  assert.deepStrictEqual(manifest.contributes.breakpoints, [{ language: "python" }]);
  const [debuggerType] = manifest.contributes.debuggers;
  assert.strictEqual(debuggerType.initialConfigurations[0].type, debuggerType.type);
  assert.ok(manifest.activationEvents.includes(`onDebugResolve:${debuggerType.type}`));
});
