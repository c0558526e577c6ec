/** What OpenAPI says of the two streams; docs/events.md says it at length. */
export const instanceDescription = [
  'Each message that has an `id` leads from one state of the instance to the next; a client that applies all of them has what GET of the instance answers.',
  '- `instance`: the whole instance. First without `Last-Event-ID`, when another run begins, and when what came after `Last-Event-ID` cannot be told.\n' +
    '- `change` (schema `InstanceChange`): what happened, in short, and as a JSON Patch (RFC 6902) of the instance.\n' +
    '- `pending` (schema `InstancePending`), without an id: attempts that the history does not have yet, as a patch of the instance for showing only; it holds until the next message that has an id.\n' +
    '- `temporal`, without an id: `{"answers": false}` while Temporal does not answer. The stream goes on by itself.\n' +
    '- `end`: the instance has ended, `{"status": …}`; then the stream ends. Connecting again with its id is answered 204.',
  'With `Last-Event-ID` comes exactly what came after, from any API process.',
].join('\n\n');

export const allDescription = [
  'Each of `started`, `changed` and `ended` tells how an instance stands now (schema `InstanceEvent`): when it starts, when its open tasks or incidents change, when it ends. Found about once a second; what lasted for less may be left out.',
  '- `reset`: read `GET /api/instances` now; what changes after that is told. First without `Last-Event-ID`, and when what came after `Last-Event-ID` is not known any more.\n' +
    '- `temporal`: `{"answers": false}` while Temporal does not answer.',
  'With `Last-Event-ID` comes exactly what came after, from any API process that shares `API_DATA_DIR`, also after a restart.',
].join('\n\n');
