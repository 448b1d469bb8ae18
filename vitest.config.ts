import { defineConfig } from 'vitest/config'

const failures = ['test/failures/**/*.distributed.test.ts', 'libs/*/test/*-failures.distributed.test.ts']
const onServers = {
  globalSetup: ['./test/global-setup.ts', './test/distributed/name-servers.ts'],
  retry: 1,
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  // No 'import': Node's own require would follow it into modules that CommonJS packages cannot use.
  ssr: { resolve: { conditions: ['source', 'node', 'default'] } },
  test: {
    setupFiles: ['./test/setup.ts'],
    pool: 'forks',
    // Both cores: much of the time is child processes and waiting for the disk.
    maxWorkers: 2,
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['{apps,libs}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.e2e.test.ts', '**/*.long.test.ts', '**/*.distributed.test.ts'],
        },
      },
      {
        // These may start child processes, which run what is built.
        extends: true,
        test: {
          name: 'end to end',
          include: ['{apps,libs}/*/test/**/*.e2e.test.ts', 'test/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**', '**/*.long.e2e.test.ts'],
          globalSetup: ['./test/global-setup.ts'],
        },
      },
      {
        // Against the servers that the environment names, in databases, topics and buckets of their own; who stops a server
        // starts one of their own. Tried once more: that a server of somebody else's hiccups says nothing of us.
        extends: true,
        test: {
          ...onServers,
          name: 'distributed',
          include: ['{apps,libs}/*/test/**/*.distributed.test.ts', 'test/**/*.distributed.test.ts'],
          exclude: ['**/node_modules/**', ...failures],
        },
      },
      {
        // Likewise: what is stopped, frozen, cut off or sent to do harm, and takes its time to come right.
        extends: true,
        test: { ...onServers, name: 'failures', include: failures },
      },
      {
        // May start child processes, too; each takes longer than the default test command has room for.
        extends: true,
        test: {
          name: 'long',
          include: ['{apps,libs}/*/test/**/*.long{,.e2e}.test.ts', 'test/**/*.long{,.e2e}.test.ts'],
          globalSetup: ['./test/global-setup.ts'],
        },
      },
    ],
  },
})
