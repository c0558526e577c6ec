import { keepJson as contract } from '../../contracts/activities/documents.ts';
import { documentsFromEnv } from '../../documents/from-env.ts';
import { implement } from '../implement.ts';

export const keepJson = implement(contract, ({ json }) => documentsFromEnv().put(Buffer.from(JSON.stringify(json)), 'application/json'));
