/**
 * Who may import whom: a room may import itself and what stands here. Everything else is an error.
 * Paths are regular expressions over files; a package is the path of its folder.
 */
const npm = (name) => `(^|node_modules/)${name}(/|$)`;
const temporal = (...names) => names.map((name) => npm(`@temporalio/${name}`));

const rooms = [
  {
    name: 'contracts',
    may: [npm('zod')],
    because: 'What was agreed is read everywhere, inside a workflow too: plain data and schemas, nothing that needs Node, Temporal or a system.',
    // Both packages are free of side effects and run inside a workflow.
    but: { 'contracts/define/digest\\.ts$': [npm('@noble/hashes')], 'contracts/failures\\.ts$': temporal('common') },
  },
  {
    name: 'workflows',
    may: ['^contracts/', ...temporal('workflow', 'common'), npm('zod')],
    because: 'A workflow is replayed from its history, so it must be deterministic: it asks activities for everything that is not.',
  },
  {
    name: 'visibility',
    may: ['^contracts/', ...temporal('common', 'proto')],
    because: 'From history to view is one pure function: the same history gives the same view anywhere, without a server.',
  },
  {
    name: 'activities',
    may: ['^contracts/', '^documents/', '^platform/', 'npm', 'node'],
    never: temporal('activity', 'client', 'worker', 'workflow'),
    // What operators do to many instances: here the system is Temporal.
    but: { '^activities/operations/': ['^engine/'] },
    because: 'How a system is reached knows nothing of who asks: an implementation gets its input and its Call, and could be run without Temporal.',
  },
  {
    name: 'documents',
    may: ['^contracts/', '^platform/', 'npm', 'node'],
    never: [npm('@temporalio/[^/]+')],
    because: 'A store and readers of files, for the API and for activities alike; it knows neither.',
  },
  {
    name: 'workers',
    may: ['^activities/', '^contracts/', '^documents/', '^platform/', 'npm', 'node'],
    never: temporal('client', 'workflow'),
    // Only for the names that it exports: a process without a flow stops the worker.
    but: { 'workers/start\\.ts$': ['^workflows/index\\.ts$'] },
    because: 'A worker polls Temporal and binds implementations to contracts. Workflows come to it as a bundle, never by import; it does not serve people.',
  },
  {
    name: 'engine',
    may: ['^contracts/', '^platform/', 'npm', 'node'],
    mayTypes: ['^visibility/instance-view\\.ts$'],
    never: temporal('activity', 'worker', 'workflow'),
    because: 'How instances are found and spoken to in Temporal, for people (the API) and for what people ask to be done with many.',
  },
  {
    name: 'api',
    may: ['^contracts/', '^documents/', '^engine/', '^platform/', '^visibility/', 'npm', 'node'],
    never: temporal('activity', 'worker', 'workflow'),
    because: 'People reach instances through Temporal alone, so that API and workers scale apart. It needs no code of a workflow or of an activity.',
  },
  {
    name: 'platform',
    may: ['npm', 'node'],
    mayTypes: ['^contracts/', '^activities/implement\\.ts$'],
    never: [npm('@temporalio/[^/]+')],
    because: 'What every process needs, whatever it does: it stands below all rooms and knows them by type at most.',
  },
  {
    name: 'temporal',
    may: ['^platform/', 'npm', 'node'],
    never: temporal('activity', 'worker', 'workflow'),
    because: 'It finds, builds and starts a Temporal server, and would do so for any product.',
  },
  {
    name: 'sandbox',
    may: ['^contracts/(documents|invoice|money)\\.ts$', '^contracts/define/digest\\.ts$', '^platform/', 'npm', 'node'],
    never: [npm('@temporalio/[^/]+')],
    because: 'It plays other companies\' systems. It shares the words of the business (amounts, account numbers), or it would only ever agree with our own mistakes.',
  },
  {
    name: 'launch',
    may: ['^api/tokens/', '^contracts/', '^platform/', '^sandbox/start\\.ts$', '^temporal/', 'npm', 'node'],
    never: temporal('activity', 'worker', 'workflow'),
    because: 'It starts each part as a process of its own, as a cluster would; what it imported of them would run in its own process instead.',
  },
  {
    name: 'demo',
    may: ['^contracts/', '^launch/', '^platform/', '^samples/', '^sandbox/', 'npm', 'node'],
    mayTypes: ['^visibility/instance-view\\.ts$'],
    // How a mail is recognised in the mailbox.
    but: { 'demo/invoices/books\\.ts$': ['^activities/mail/send-mail\\.ts$'] },
    never: [npm('@temporalio/[^/]+')],
    because: 'The demo\'s people do what anybody can: they use the public API.',
  },
  {
    name: 'deploy',
    may: ['^demo/', '^launch/', '^platform/', '^sandbox/', '^temporal/', 'npm', 'node'],
    never: [npm('@temporalio/[^/]+')],
    because: 'It starts what docker-compose.yml says, by the commands that stand there; what it imported of them would run in its own process instead.',
  },
  {
    name: 'campaign',
    may: ['^activities/', '^api/tokens/', '^contracts/', '^demo/api-client\\.ts$', '^launch/', '^platform/', '^samples/', '^sandbox/start\\.ts$', '^temporal/start\\.ts$', '^workers/run\\.ts$', 'npm', 'node'],
    mayTypes: ['^visibility/instance-view\\.ts$'],
    never: temporal('client', 'workflow'),
    because: 'It makes things fail where systems are asked, and knows what became of it by the public API and the books of the sandbox alone.',
  },
  {
    name: 'samples',
    may: ['^contracts/', '^documents/', '^platform/', '^sandbox/data/', 'npm', 'node'],
    never: [npm('@temporalio/[^/]+')],
    because: 'They make the sample documents and what is true of them, which no code of the product may have a say in.',
  },
  {
    name: 'map',
    may: ['^contracts/', '^platform/', 'npm', 'node'],
    never: [npm('@temporalio/[^/]+')],
    because: 'A map is read from the source of a flow, and from nothing that runs: it would show what happened to happen.',
  },
  {
    name: 'scaffold',
    may: ['^contracts/define/', '^platform/', 'npm', 'node'],
    never: [npm('@temporalio/[^/]+')],
    because: 'It writes what is new by the rules of contracts; it runs nothing of it.',
  },
];

/** `npm` and `node` stand for any installed package and any module of Node. */
const types = { npm: ['npm', 'npm-dev'], node: ['core'] };

function rulesOf({ name, may, mayTypes = [], but = {}, never = [], because }) {
  const room = { path: `^${name}/` };
  const paths = [room.path, ...mayTypes, ...may.filter((each) => !(each in types))];
  const kinds = may.filter((each) => each in types).flatMap((each) => types[each]);
  const outside = (more = []) => ({ pathNot: [...paths, ...more], ...(kinds.length > 0 ? { dependencyTypesNot: kinds } : {}) });
  const rule = { comment: because, severity: 'error' };
  return [
    { ...rule, name: `${name} imports only what it may`, from: { ...room, pathNot: Object.keys(but) }, to: outside() },
    ...Object.entries(but).map(([path, more]) => ({ ...rule, name: `${name} imports only what it may`, from: { path }, to: outside(more) })),
    ...(mayTypes.length > 0 ? [{ ...rule, name: `${name} knows these by type only`, from: room, to: { path: mayTypes, dependencyTypesNot: ['type-only'] } }] : []),
    ...(never.length > 0 ? [{ ...rule, name: `${name} never imports these`, from: room, to: { path: never } }] : []),
  ];
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms.flatMap(rulesOf),
    {
      name: 'a flow is contract and kit',
      comment: 'A flow reads as the story of its process; what it needs beyond the kit belongs into the kit.',
      severity: 'error',
      from: { path: '^workflows/[^/]+\\.ts$' },
      to: { pathNot: ['^contracts/', '^workflows/', ...temporal('workflow')] },
    },
    {
      name: 'the kit knows no process',
      comment: 'The kit runs every process; a case for one of them in it would break the others.',
      severity: 'error',
      from: { path: '^workflows/kit/' },
      to: { path: ['^workflows/[^/]+\\.ts$', '^contracts/(processes|tasks)/'] },
    },
    {
      name: 'one client of Temporal',
      comment: 'Deadlines, errors and connections to Temporal are dealt with once, in engine and api/temporal; the others that talk to a server start or measure one.',
      severity: 'error',
      from: { pathNot: ['^engine/', '^api/temporal/', '^temporal/', '^launch/', '^bench/', '^test/'] },
      to: { path: temporal('client') },
    },
    {
      name: 'no cycle',
      comment: 'Of two files that need one another neither can be read, tested or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...['from', 'to'].map((end) => ({
      name: 'names say what is inside',
      comment: 'A file or folder that is named after no subject gathers whatever has none.',
      severity: 'error',
      from: {},
      to: {},
      // Type tests are about types.
      [end]: { path: '(^|/)(utils|common|shared|types|helpers)(/|\\.ts$)', pathNot: ['^test/types/', 'node_modules/'] },
    })),
    {
      name: 'declared packages only',
      comment: 'What package.json does not name is there by accident, and in a version that nobody chose.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'no import leads nowhere',
      comment: 'A module that cannot be resolved fails when it is loaded, which may be late.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'the product needs no development package',
      comment: 'Production installs without them.',
      severity: 'error',
      from: { pathNot: ['^(test|bench|samples|campaign)/', '^[^/]+$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Templates are checked where they are written.
    exclude: { path: '^(dist|coverage|\\.throughline|scaffold/templates)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    combinedDependencies: false,
  },
};
