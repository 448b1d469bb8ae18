/** The layers. Dependencies point inward: apps → application → domain → calendar; adapters know ports, never the domain's rules. */
const lib = (name) => `^libs/${name}/`

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', comment: 'A circle has no inside.', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment:
        'The domain and the calendar decide; they touch nothing of Node, nothing of Nest, no other library of ours.',
      from: { path: '^libs/(domain|calendar)/src' },
      to: { pathNot: '^libs/(domain|calendar)/src|^node_modules/zod/' },
    },
    {
      name: 'calendar-knows-no-domain',
      severity: 'error',
      comment: 'Counting days needs no case.',
      from: { path: '^libs/calendar/src' },
      to: { path: lib('domain') },
    },
    {
      name: 'libraries-know-no-application',
      severity: 'error',
      comment: 'Stores, keys, search and channels serve the application; they never call it.',
      from: {
        path: '^libs/(domain|calendar|event-store|key-store|read-store|search|sqlite|channels|pages|spreadsheet|blob-store|messaging|observability)/src',
      },
      to: { path: '^(libs/application|apps)/' },
    },
    {
      name: 'libraries-know-no-app',
      comment: 'An app puts libraries together; none of them knows which.',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'adapters-know-no-domain',
      severity: 'error',
      comment: 'A store stores documents and events; what they mean is not its business.',
      from: {
        path: '^libs/(event-store|key-store|read-store|search|sqlite|channels|pages|spreadsheet|blob-store|messaging|observability)/src',
      },
      to: { path: '^libs/(domain|calendar)/' },
    },
    {
      name: 'through-the-index',
      severity: 'error',
      comment: 'A library is used through its index, which says what others may use.',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'not-to-development-packages',
      severity: 'error',
      comment: 'What runs in a county is installed in a county.',
      from: { path: '^(apps|libs)/[^/]+/src' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/test/|^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
}
