// Loaded before a program's own code (`node --import`): its wall clock goes wrong by as many milliseconds as stand in
// the file CLOCK_FILE, and jumps whenever that changes. Timers and performance.now() go on, as on a real machine.
import { readFileSync } from 'node:fs';

const { CLOCK_FILE: file } = process.env;
if (!file) throw new Error('CLOCK_FILE must name the file that says how wrong the clock is');

const RightDate = Date;
const right = Date.now.bind(Date);
let wrongBy = 0;

function look() {
  try {
    wrongBy = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // Not there: the clock is right.
  }
}
look();
setInterval(look, 50).unref();

RightDate.now = () => right() + wrongBy;
globalThis.Date = new Proxy(RightDate, {
  construct: (target, given, made) =>
    Reflect.construct(target, given.length === 0 ? [RightDate.now()] : given, made === globalThis.Date ? target : made),
  apply: () => new RightDate(RightDate.now()).toString(),
});
