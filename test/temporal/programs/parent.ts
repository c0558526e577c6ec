import { join } from 'node:path';
import { startChild, tellReady } from '../../../platform/child-process.ts';

// A parent for tests to kill: starts a child which starts a grandchild, and tells their process numbers.
const child = startChild({
  name: 'child',
  command: process.execPath,
  args: [
    '-e',
    `const { spawn } = require('node:child_process');
     const grandchild = spawn('sleep', ['600'], { stdio: 'ignore' });
     console.log('ready ' + JSON.stringify({ grandchild: grandchild.pid }));
     setInterval(() => {}, 1000);`,
  ],
  logFile: join(process.argv[2] ?? '.', 'child.log'),
  ready: true,
});
tellReady({ child: child.pid, ...(await child.ready) });
