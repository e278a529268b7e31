import { pausesContract } from '../contracts/pauses.contract.js';
import { InMemoryPauses } from '../fakes/in-memory-pauses.js';
import { VirtualClock } from '../fakes/virtual-clock.js';

pausesContract('in memory', async () => {
  const clock = new VirtualClock();
  const pass = async (milliseconds: number): Promise<void> => await Promise.resolve(clock.pass(milliseconds));
  return await Promise.resolve({ pauses: new InMemoryPauses(clock), pass });
});
