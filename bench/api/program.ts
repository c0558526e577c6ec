import { startApi } from '../../api/app.ts';
import { configFromEnv } from '../../api/config.ts';
import { tellReady } from '../../platform/child-process.ts';
import { chain } from '../overhead/contract.ts';
import { ask } from '../scale/contract.ts';
import { repair } from '../verbs/contract.ts';
import { news } from './contract.ts';

/** The API as `api/main.ts` runs it, for the processes of the bench. */
const api = await startApi({ config: configFromEnv(process.env), processes: [chain, news, ask, repair] });
process.once('SIGTERM', () => void api.close());
tellReady({ url: api.url });
