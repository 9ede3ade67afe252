// Uses every part of the JavaScript SDK on a server, and prints as JSON what it saw. Usage: node scenario.js URL KEY
import { randomUUID } from "node:crypto";
import { Client } from "@langchain/langgraph-sdk";

const [apiUrl, apiKey] = process.argv.slice(2);
const client = new Client({ apiUrl, apiKey, callerOptions: { maxRetries: 0 } });

// The status and the message of the error that a call ends with.
async function refusal(call) {
  try {
    return { answered: await call() };
  } catch (error) {
    return { status: error.status ?? error.response?.status ?? null, message: String(error.message ?? error) };
  }
}

async function listed(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

const events = (parts) => parts.map((part) => part.event);
const ofEvent = (parts, name) => parts.filter((part) => part.event.startsWith(name)).map((part) => part.data);

async function assistants() {
  const mark = randomUUID();
  const made = await client.assistants.create({
    graphId: "pydantic_context",
    name: "from JavaScript",
    context: { system_prompt: "one" },
    metadata: { mark },
  });
  const updated = await client.assistants.update(made.assistant_id, { graphId: "pydantic_context", context: { system_prompt: "two" } });
  const versions = await client.assistants.getVersions(made.assistant_id);
  const rolledBack = await client.assistants.setLatest(made.assistant_id, 1);
  const searched = await client.assistants.search({ metadata: { mark }, limit: 5 });
  const page = await client.assistants.search({ limit: 2, includePagination: true });
  const schemas = await client.assistants.getSchemas(made.assistant_id);
  const graph = await client.assistants.getGraph("subgraphs", { xray: true });
  const inner = await client.assistants.search({ graphId: "subgraphs", limit: 1 });
  const subgraphs = await client.assistants.getSubgraphs(inner[0].assistant_id);
  const count = await client.assistants.count({ metadata: { mark } });
  const again = await client.assistants.create({ graphId: "named", assistantId: made.assistant_id, ifExists: "do_nothing" });
  await client.assistants.delete(made.assistant_id);
  return {
    made: [made.version, made.context.system_prompt, made.config.configurable.system_prompt],
    updated: [updated.version, updated.context.system_prompt],
    versions: versions.map((row) => [row.version, row.context.system_prompt]),
    rolledBack: [rolledBack.version, rolledBack.context.system_prompt],
    searched: searched.map((row) => row.assistant_id === made.assistant_id),
    page: [page.assistants.length, page.next],
    schemas: Object.keys(schemas).sort(),
    prompt: schemas.context_schema.properties.system_prompt.default,
    nodes: graph.nodes.map((node) => node.id),
    subgraphs: Object.keys(subgraphs),
    count,
    sameWithDoNothing: again.graph_id,
    conflict: await refusal(() => client.assistants.create({ graphId: "named", assistantId: inner[0].assistant_id })),
    gone: await refusal(() => client.assistants.get(made.assistant_id)),
    noGraph: await refusal(() => client.assistants.create({ graphId: "nope" })),
  };
}

async function threads() {
  const mark = randomUUID();
  const thread = await client.threads.create({ metadata: { mark } });
  const id = thread.thread_id;
  await client.runs.wait(id, "subgraphs", { input: { foo: "x" } });
  const state = await client.threads.getState(id);
  const history = await client.threads.getHistory(id, { limit: 10 });
  const first = history.at(-1);
  const forked = await client.threads.updateState(id, { values: { out: ["forked"] }, checkpoint: first.checkpoint });
  const afterFork = await client.threads.getState(id);
  const atFirst = await client.threads.getState(id, history[0].checkpoint);
  await client.threads.updateState(id, { values: { foo: "as after" }, asNode: "after" });
  const copy = await client.threads.copy(id);
  const patched = await client.threads.update(id, { metadata: { more: 1 } });
  const found = await client.threads.search({ metadata: { mark }, limit: 10, sortBy: "created_at", sortOrder: "asc" });
  const count = await client.threads.count({ metadata: { mark }, status: "idle" });
  const idle = await client.threads.search({ ids: [id], select: ["thread_id", "status"] });
  const given = randomUUID();
  await client.threads.create({ threadId: given, graphId: "subgraphs", ttl: 60 });
  const supersteps = await client.threads.create({
    graphId: "branches",
    supersteps: [{ updates: [{ values: { foo: "left" }, asNode: "__start__" }] }, { updates: [{ values: { out: ["made"] }, asNode: "left" }] }],
  });
  const copied = (await client.threads.getState(copy.thread_id)).values;
  await client.threads.delete(given);
  return {
    created: [thread.status, thread.values ?? null],
    state: [state.values, state.next],
    history: history.map((one) => one.metadata.source),
    forkedFrom: afterFork.parent_checkpoint.checkpoint_id === first.checkpoint.checkpoint_id,
    forked: [typeof forked.checkpoint.checkpoint_id, afterFork.values.out],
    atFirst: atFirst.values,
    copied,
    patched: [patched.metadata.mark === mark, patched.metadata.more],
    found: found.length,
    count,
    idle: idle.map((row) => Object.keys(row).sort()),
    supersteps: (await client.threads.getState(supersteps.thread_id)).values,
    deleted: await refusal(() => client.threads.get(given)),
    badId: await refusal(() => client.threads.get("../../etc")),
  };
}

async function runs() {
  const created = [];
  const { thread_id: id } = await client.threads.create();
  const values = await listed(client.runs.stream(id, "branches", { input: { foo: "left" }, onRunCreated: (run) => created.push(run) }));
  const many = await listed(
    client.runs.stream(id, "subgraphs", { input: {}, streamMode: ["updates", "custom", "tasks"], streamSubgraphs: true }),
  );
  const question = { messages: [{ role: "user", content: "one two three" }] };
  const tuples = await listed(client.runs.stream(null, "tokens", { input: question, streamMode: "messages-tuple" }));
  const partials = await listed(client.runs.stream(null, "tokens", { input: question, streamMode: "messages" }));
  const failed = await listed(client.runs.stream(null, "boom", { input: {} }));
  const waited = await client.runs.wait(id, "branches", { input: { foo: "left" }, context: {} });
  const raised = await refusal(() => client.runs.wait(id, "boom", { input: {} }));
  const notRaised = await client.runs.wait(id, "boom", { input: {}, raiseError: false });

  const slow = await client.runs.create(id, "slow", { input: { foo: "long" }, streamMode: "custom", streamResumable: true });
  const seen = [];
  for await (const part of client.runs.joinStream(id, slow.run_id, { lastEventId: "-1" })) {
    seen.push(part.event);
    if (part.event === "custom") await client.runs.cancel(id, slow.run_id, true);
  }
  const cancelled = await client.runs.get(id, slow.run_id);
  const joinedRun = await client.runs.create(id, "steps", { input: {} });
  await client.runs.join(id, joinedRun.run_id);
  const all = await client.runs.list(id, { limit: 3 });
  const batch = await client.runs.createBatch([{ assistantId: "branches", input: {} }, { assistantId: "branches", input: {} }]);
  await client.runs.delete(id, joinedRun.run_id);
  const stateless = await client.runs.wait(null, "branches", { input: { foo: "right" } });
  return {
    values: [events(values), values.at(-1).data.out],
    onRunCreated: created.map((run) => [run.thread_id === id, typeof run.run_id]),
    many: [...new Set(events(many).map((name) => name.replace(/:[^|]*/g, "")))].sort(),
    tuples: ofEvent(tuples, "messages").map(([chunk, metadata]) => [chunk.type, chunk.content, metadata.langgraph_node]),
    partials: ofEvent(partials, "messages/partial").map(([message]) => message.content),
    partialEvents: [...new Set(events(partials))],
    failed: [events(failed).at(-1), failed.at(-1).data.error],
    waited: waited.out,
    raised,
    notRaised: Object.keys(notRaised),
    seen,
    cancelled: cancelled.status,
    list: [all.length, all[0].run_id === joinedRun.run_id, all[0].status],
    batch: batch.map((run) => run.status).every((status) => ["pending", "running"].includes(status)),
    deleted: await refusal(() => client.runs.get(id, joinedRun.run_id)),
    stateless: stateless.out,
    unknownAssistant: await refusal(() => client.runs.wait(id, randomUUID(), { input: {} })),
    badMode: await refusal(() => listed(client.runs.stream(id, "branches", { input: {}, streamMode: "nonsense" }))),
  };
}

async function interrupts() {
  const { thread_id: id } = await client.threads.create();
  const asked = await client.runs.wait(id, "ask", { input: { foo: "x" } });
  const waiting = await client.threads.get(id);
  const state = await client.threads.getState(id);
  const resumed = await listed(client.runs.stream(id, "ask", { command: { resume: "Ann" }, streamMode: "updates" }));
  const after = await client.threads.getState(id);

  const other = (await client.threads.create()).thread_id;
  await client.runs.wait(other, "parallel", { input: {} });
  const pending = (await client.threads.getState(other)).tasks.flatMap((task) => task.interrupts);
  const answers = Object.fromEntries(pending.map((one) => [one.id, `answer to ${one.value}`]));
  const both = await client.runs.wait(other, "parallel", { command: { resume: answers } });

  const nested = (await client.threads.create()).thread_id;
  await client.runs.wait(nested, "nested_ask", { input: { foo: "x" } });
  const inner = await client.threads.getState(nested, undefined, { subgraphs: true });
  const goto = await client.runs.wait((await client.threads.create()).thread_id, "branches", { input: null, command: { update: { foo: "left" }, goto: "right" } });
  return {
    asked: asked.__interrupt__.map((one) => one.value),
    status: waiting.status,
    next: state.next,
    question: state.tasks[0].interrupts[0].value,
    resumed: events(resumed),
    answered: [after.values, after.next],
    both: [...both.out].sort(),
    inner: inner.tasks[0].state.next,
    goto: [goto.foo, goto.out],
  };
}

async function store() {
  const namespace = ["js", randomUUID()];
  await client.store.putItem(namespace, "a", { kind: "x", number: 1 });
  await client.store.putItem(namespace, "b", { kind: "y", number: 2 });
  await client.store.putItem([...namespace, "deeper"], "c", { kind: "x" }, { ttl: 5 });
  const item = await client.store.getItem(namespace, "a");
  const found = await client.store.searchItems(namespace, { filter: { kind: "x" }, limit: 10 });
  const spaces = await client.store.listNamespaces({ prefix: namespace, maxDepth: 3 });
  await client.store.deleteItem(namespace, "a");
  return {
    item: [item.value, item.namespace.length, typeof item.createdAt],
    found: found.items.map((one) => one.key).sort(),
    spaces: spaces.namespaces.map((one) => one.length).sort(),
    gone: await refusal(() => client.store.getItem(namespace, "a")),
  };
}

async function refused() {
  const stranger = new Client({ apiUrl, apiKey: "wrong", callerOptions: { maxRetries: 0 } });
  return {
    crons: await refusal(() => client.crons.search()),
    cron: await refusal(() => client.crons.create("branches", { schedule: "* * * * *", input: {} })),
    key: await refusal(() => stranger.assistants.search()),
  };
}

const parts = { assistants, threads, runs, interrupts, store, refused };
const seen = {};
for (const [name, part] of Object.entries(parts)) seen[name] = await part().catch((error) => ({ threw: String(error.stack ?? error) }));
console.log(JSON.stringify(seen));
