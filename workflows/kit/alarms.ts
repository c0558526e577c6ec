import { alarmSignal, AlarmSignal } from '../../contracts/verbs.ts';
import { isTemporalFailure } from './failure.ts';
import { onSignal } from './signals.ts';

export type Alarms = ReturnType<typeof createAlarms>;

/** Brings the alarms of workers to the steps that they are about: an activity has failed so often that a person should know, and is tried on. */
export function createAlarms() {
  const listening = new Map<string, (alarm: AlarmSignal) => void>();
  onSignal({
    name: alarmSignal,
    description: 'Tell that an activity fails again and again: { activityId, attempt, type, message }',
    act(read) {
      try {
        const alarm = AlarmSignal.safeParse(read());
        // One that comes when its activity has ended, or that says nothing, is passed over.
        if (alarm.success) listening.get(alarm.data.activityId)?.(alarm.data);
      } catch (error) {
        if (!isTemporalFailure(error)) throw error;
      }
    },
  });
  return {
    /** Told of this activity's alarms, until what is returned is called. */
    listen(activityId: string, hear: (alarm: AlarmSignal) => void): () => void {
      listening.set(activityId, hear);
      return () => void listening.delete(activityId);
    },
  };
}
