import { errorMessage } from '../platform/errors.ts';
import { prepareExisting } from './server.ts';

/**
 * Prepares a Temporal server for Throughline and ends: the namespace with its retention, and the search attributes. What is there already stays (but for a
 * retention that is another now), so that it may run before each start. From the environment: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_RETENTION_DAYS (default 30).
 */
try {
  const { TEMPORAL_ADDRESS: address = '127.0.0.1:7233', TEMPORAL_NAMESPACE: namespace = 'default', TEMPORAL_RETENTION_DAYS: days = '30' } = process.env;
  const retentionDays = Number(days);
  // Temporal's own bounds.
  if (!(Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= 36_500)) throw new Error(`TEMPORAL_RETENTION_DAYS is "${days}": give a whole number of days, 1 or more`);
  await prepareExisting({ address, namespace, retentionDays, within: 60_000 });
  process.stdout.write(`${address} is ready: namespace ${namespace}, closed instances are kept for ${retentionDays} days\n`);
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
