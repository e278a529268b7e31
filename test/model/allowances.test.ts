import { InMemoryAllowances } from '../fakes/in-memory-allowances.js';
import { VirtualClock } from '../fakes/virtual-clock.js';
import { allowancesContract } from '../contracts/allowances.contract.js';

let clock = new VirtualClock();
let book = new InMemoryAllowances(clock);

allowancesContract(
  'The model',
  {
    open: async () => {
      clock = new VirtualClock();
      book = new InMemoryAllowances(clock);
      // Four workers of one book.
      return await Promise.resolve([book, book, book, book]);
    },
    pass: async (ms) => await Promise.resolve(clock.pass(ms)),
    size: async () => await Promise.resolve(book.size()),
  },
  1_000,
);
