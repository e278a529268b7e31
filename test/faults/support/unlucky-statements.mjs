// Loaded before a program's own code (`node --import`): some of its statements end in a deadlock or in a serialisation
// failure, by seeded chance. The server itself raises the error in the statement's place, so that everything about it is
// real: the code, and that the transaction around it is over.
//   UNLUCKY_FILE  holds the share of the statements, for instance 0.01; without the file there is none
//   UNLUCKY_SEED  of the chance
// Each error is noted in UNLUCKY_FILE.log.
import { appendFileSync, readFileSync } from 'node:fs';
import pg from 'pg';

const { UNLUCKY_FILE: file, UNLUCKY_SEED: seed } = process.env;
if (!file || !seed) throw new Error('UNLUCKY_FILE and UNLUCKY_SEED must say what to do');

const errors = ['deadlock_detected', 'serialization_failure'];
// What begins or gives up a transaction takes no lock and reads nothing.
const innocent = /^\s*(?:BEGIN|START TRANSACTION|ROLLBACK|SET|SHOW)\b/iu;
const send = pg.Client.prototype.query;
let share = 0;
let dice = Number(seed) >>> 0;
setInterval(readShare, 200).unref();

pg.Client.prototype.query = function (statement, values, ...rest) {
  const text = typeof statement === 'string' ? statement : (statement?.text ?? '');
  if (share === 0 || text === '' || innocent.test(text) || chance() >= share) {
    return send.call(this, statement, values, ...rest);
  }
  const error = errors[chance() < 0.5 ? 0 : 1];
  appendFileSync(`${file}.log`, `${error}\n`);
  const callback = [values, ...rest].filter((value) => typeof value === 'function');
  return send.call(this, `DO $$ BEGIN RAISE ${error}; END $$`, ...callback);
};

function readShare() {
  try {
    share = Number(readFileSync(file, 'utf8'));
  } catch {
    share = 0;
  }
}

function chance() {
  dice = (Math.imul(dice, 1_664_525) + 1_013_904_223) >>> 0;
  return dice / 2 ** 32;
}
