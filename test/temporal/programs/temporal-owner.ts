import { tellReady } from '../../../platform/child-process.ts';
import { startTemporal } from '../../../temporal/start.ts';

// A platform for tests to kill: holds an embedded Temporal with its data in the directory given.
const temporal = await startTemporal({ dataDir: process.argv[2] ?? '.' });
tellReady({ address: temporal.address, uiUrl: temporal.uiUrl, pid: temporal.pid });
