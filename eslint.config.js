import { fileURLToPath } from 'node:url';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const { plugin, parser } = tseslint;

/** What Temporal's sandbox does not have, or what would differ when a workflow is replayed. */
const notInWorkflows = {
  process: 'a workflow sees no process: pass what it needs as input, or ask an activity',
  Buffer: 'a Node type: documents travel by reference, texts as strings',
  fetch: 'a workflow reaches nothing by itself: ask an activity',
  performance: 'not deterministic: Date.now() gives workflow time',
  crypto: 'not deterministic: uuid4() of @temporalio/workflow is',
  require: 'a workflow loads only what is bundled',
  setTimeout: 'sleep() of @temporalio/workflow has a title in the Web UI and is cancelled with its scope',
  setInterval: 'sleep() of @temporalio/workflow, in a loop',
  setImmediate: 'an await gives way to what else is due',
  queueMicrotask: 'an await gives way to what else is due',
  WeakRef: 'depends on the garbage collector, which differs at replay',
  FinalizationRegistry: 'depends on the garbage collector, which differs at replay',
};

const stripped = [
  { selector: 'TSEnumDeclaration', message: 'An enum is more than a type: use a const object or a union.' },
  { selector: 'TSParameterProperty', message: 'Declare the field, so that it is seen where fields are.' },
];

/** A text that is the path of a TypeScript source file, and no sentence that mentions one. */
const sourcePath = '/^\\S+(?<!\\.d)\\.ts$/';

const built = [
  ...stripped,
  {
    // The build rewrites the paths of imports, and no other text.
    selector: `:not(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression, TSLiteralType) > :matches(Literal[value=${sourcePath}], TemplateLiteral > TemplateElement[tail=true][value.raw=${sourcePath}])`,
    message: 'The build has no such file: ask platform/repository.ts for the path of a module.',
  },
];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.throughline/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'everything typed',
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': plugin },
    languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: fileURLToPath(new URL('.', import.meta.url)) } },
    rules: {
      // A step, a write or a close that nobody waits for fails unseen.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNullish: true }],
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-empty-object-type': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-fallthrough': 'error',
      'no-unsafe-finally': 'error',
      'no-self-compare': 'error',
      'no-constant-binary-expression': 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', 300],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'no-restricted-syntax': ['error', ...stripped],
    },
  },
  {
    name: 'what is built',
    files: ['**/*.ts'],
    ignores: ['bench/**', 'map/**', 'samples/**', 'scaffold/**', 'test/**'],
    rules: {
      'no-restricted-syntax': ['error', ...built],
    },
  },
  {
    name: 'what instances share keeps nothing of one of them',
    files: ['contracts/**/*.ts', 'workflows/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...built,
        { selector: 'Program > VariableDeclaration[kind="let"], Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]', message: 'All instances of a thread share this module (docs/decisions/0006): keep state in what the flow or createInstance makes.' },
      ],
    },
  },
  {
    name: 'workflows are deterministic',
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...Object.entries(notInWorkflows).map(([name, message]) => ({ name, message }))],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!(\\./|\\.\\./kit/|(\\.\\./){1,2}contracts/|(@temporalio/workflow|@temporalio/common|@temporalio/common/lib/time\\.js|zod)$))',
              message: 'A workflow is replayed: it may import contracts, the kit, @temporalio/workflow, @temporalio/common and zod. Ask an activity for the rest.',
            },
          ],
        },
      ],
    },
  },
  {
    name: 'a type test shows what the compiler refuses',
    files: ['test/types/**/*.ts'],
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],
      // What follows an expected error has no type, and the error itself is the compiler's to find.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
  {
    name: 'all tests run',
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...stripped,
        { selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/]', message: 'A test that does not run proves nothing.' },
      ],
    },
  },
);
