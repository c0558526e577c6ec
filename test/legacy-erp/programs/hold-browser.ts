import { closeBrowsers, openContext } from '../../../activities/browser/browser.ts';
import { tellReady } from '../../../platform/child-process.ts';
import { browsersOf } from '../browsers.ts';

// A worker in the middle of its work: it keeps a browser open until somebody ends it.
await openContext({ host: '127.0.0.1', log: console });
tellReady({ browsers: browsersOf(process.pid) });
const work = setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => void closeBrowsers().then(() => clearInterval(work)));
