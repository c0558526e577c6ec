import { connectTemporal, type Temporal } from '../../engine/temporal.ts';
import { closeWithWorker } from '../lifetime.ts';

let connected: Temporal | undefined;

/** Temporal as the worker's environment names it (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE); one connection for all. */
export function temporalFromEnv(): Temporal {
  if (connected) return connected;
  const { TEMPORAL_ADDRESS: address = '127.0.0.1:7233', TEMPORAL_NAMESPACE: namespace = 'default' } = process.env;
  connected = connectTemporal({ address, namespace });
  closeWithWorker(async () => {
    await connected?.close();
    connected = undefined;
  });
  return connected;
}
