import type { MessageContract } from '../../contracts/define/message.ts';
import type { Call } from './call.ts';

/** A step that waits for word from the outside world: state of the instance, no activity. */
export const awaitMessage = ({ instance, step, visit, id, contract }: Call<MessageContract>): Promise<unknown> => instance.messages.next({ step, visit, id, contract });
