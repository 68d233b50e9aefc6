/**
 * The import rule of DESIGN §9: apps -> capabilities -> shared libs -> kernel. Capabilities meet each other only at
 * `index.ts`; domain/ is pure. Run by `npm test`; `npm run check:imports` runs it alone.
 */
const capability = '(banking|batches|funds|pledges|people|places|programmes|books)';
const shared = '(print|event-log|read-models|messaging|transparency|privacy|access|platform|postgres|sheets)';
const spec = '\\.spec\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: spec },
      to: { pathNot: '^libs/kernel/' },
    },
    { name: 'libs-never-import-apps', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'apps-never-import-apps-but-standalone-and-cli',
      severity: 'error',
      from: { path: '^apps/(ledger|projector|relay|reports)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'shared-libs-know-no-capability',
      severity: 'error',
      from: { path: `^libs/${shared}/`, pathNot: spec },
      to: { path: `^libs/${capability}/` },
    },
    {
      name: 'other-libs-only-through-their-index',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/index\\.ts$'] },
    },
    {
      name: 'apps-reach-libs-through-their-index',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: `^libs/`, pathNot: ['^libs/[^/]+/index\\.ts$', '^libs/[^/]+/http/'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ imports itself, the kernel and the events of other capabilities (their index).',
      severity: 'error',
      from: { path: '^libs/([^/]+)/domain/', pathNot: spec },
      to: { pathNot: ['^libs/$1/domain/', '^libs/kernel/', `^libs/${capability}/index\\.ts$`] },
    },
    {
      name: 'evolve-is-pure',
      comment: 'A projection reads no clock, file or random: no Node built-ins.',
      severity: 'error',
      from: { path: '/read-models/', pathNot: spec },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|crypto|os|process|child_process)' },
    },
    {
      name: 'nest-only-at-the-edge',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['/http/', '^libs/platform/', spec] },
      to: { path: 'node_modules/(@nestjs|fastify|@fastify)/' },
    },
    {
      name: 'sources-never-import-specs-or-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: spec },
      to: { path: ['\\.spec\\.ts$', '^tests/'] },
    },
    {
      name: 'no-development-packages-in-sources',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, '\\.conformance\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
    },
  },
};
