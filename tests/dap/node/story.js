// A whole conversation with `recode dap` through the test support of Visual Studio Code.
//
//     node story.js PYTHON TAP SESSION
//
// TAP is tests/dap/tap.py, which starts the adapter with PYTHON; the run is recorded in SESSION.
"use strict";

const assert = require("node:assert");
const { DebugClient } = require("@vscode/debugadapter-testsupport");

const WRONG = "run('go to desk 1')\nrun(f'move {obj_ID} to desk 1')";
const RIGHT = "run(f'go to {place}')\nrun(f'move {obj_ID} to {place}')";

async function story(python, tap, session) {
  const client = new DebugClient(python, tap, "recode");
  client.defaultTimeout = 120000;
  await client.start();

  async function after(event, request) {
    const arrived = client.waitForEvent(event);
    const response = await request();
    return [response, (await arrived).body];
  }
  async function top(threadId) {
    const { body } = await client.stackTraceRequest({ threadId });
    return body.stackFrames[0];
  }
  async function scope(frame, name) {
    const { body } = await client.scopesRequest({ frameId: frame.id });
    const { variablesReference } = body.scopes.find((each) => each.name === name);
    const found = await client.variablesRequest({ variablesReference });
    return Object.fromEntries(found.body.variables.map((each) => [each.name, each.value]));
  }
  async function edit(code) {
    const expression = `edit 0.8 <<END\n${code}\nEND`;
    return (await after("stopped", () => client.evaluateRequest({ expression, context: "repl" })))[1];
  }

  // Break where the policy is about to be asked how to put the object down.
  const launched = { env: "household", task: "put:7", policy: "expert", session, stopOnEntry: false };
  const configured = client.waitForEvent("initialized").then(async () => {
    await client.setFunctionBreakpointsRequest({ breakpoints: [{ name: "put_object" }] });
    await client.setExceptionBreakpointsRequest({ filters: ["failure", "limit"] });
    return client.configurationDoneRequest();
  });
  const [, , stop] = await Promise.all([
    configured,
    client.launch(launched),
    client.assertStoppedLocation("function breakpoint", { line: 9, column: 1 }),
  ]);
  const frame = stop.body.stackFrames[0];
  const { body: source } = await client.sourceRequest({ sourceReference: frame.source.sourceReference });
  assert.strictEqual(source.content.split("\n")[8], "put_object(obj_ID, place)");
  assert.strictEqual((await scope(frame, "Variables")).obj_ID, "'cd 2'");

  // Write the expansion wrongly, see the run end unsolved, then edit it in the past.
  await edit(WRONG);
  const [, end] = await after("stopped", () => client.continueRequest({ threadId: 1 }));
  assert.strictEqual(end.reason, "end");
  assert.match((await scope(await top(end.threadId), "Episode")).outcome, /^not solved/);
  const edited = await edit(RIGHT);
  const { body: threads } = await client.threadsRequest();
  assert.deepStrictEqual(threads.threads.map((thread) => thread.name), ["edit-1"]);

  // Set a line breakpoint in the edited expansion, step back, and go on to it and to the end.
  const inside = await top(edited.threadId);
  const { body: points } = await client.setBreakpointsRequest({
    source: inside.source,
    breakpoints: [{ line: 2, condition: "obj_ID == 'cd 2'" }],
  });
  assert.ok(points.breakpoints[0].verified, points.breakpoints[0].message);
  const threadId = edited.threadId;
  await after("stopped", () => client.stepBackRequest({ threadId }));
  const [, hit] = await after("stopped", () => client.continueRequest({ threadId }));
  assert.deepStrictEqual([hit.reason, hit.hitBreakpointIds], ["breakpoint", [points.breakpoints[0].id]]);
  assert.strictEqual((await top(threadId)).line, 2);
  const [, solved] = await after("stopped", () => client.continueRequest({ threadId }));
  assert.strictEqual(solved.reason, "end");
  assert.strictEqual((await scope(await top(threadId), "Episode")).outcome, "solved");

  // A request that recode does not have fails with a message.
  await assert.rejects(client.disassembleRequest({ memoryReference: "0", instructionCount: 1 }), /disassemble/);
  await client.terminateRequest();
  await client.disconnectRequest();
  await client.stop();
}

story(...process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
