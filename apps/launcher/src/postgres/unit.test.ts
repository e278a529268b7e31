import { describe, expect, it } from 'vitest';

import { sqlOf, UnitCollector } from './unit.js';
import { frame, wireText } from './wire-message.js';

const parse = (sql: string) => frame('P', Buffer.concat([wireText('name'), wireText(sql), Buffer.from([0, 0])]));

function collect(types: string): string[] {
  const collector = new UnitCollector();
  const units = [...types].map((type) => collector.add(type === 'P' ? parse('select 1') : frame(type, wireText(''))));
  return units.flatMap((unit) => (unit ? [`${unit.messages.map(({ type }) => type).join('')} ${unit.ends}`] : []));
}

describe('a unit of messages', () => {
  it('is a simple query, or everything from Parse to Sync', () => {
    expect(collect('QPBDESQ')).toEqual(['Q ready', 'PBDES ready', 'Q ready']);
  });

  it('ends at a Flush too, and the client is not done then', () => {
    expect(collect('PBDEHEHS')).toEqual(['PBDEH flushed', 'EH flushed', 'S ready']);
  });

  it('is not made by a Flush without anything before it, nor by stray copy data', () => {
    expect(collect('Hdcf')).toEqual([]);
  });

  it('never contains a message that only a server may send', () => {
    expect(() => collect('Z')).toThrow('not expected');
  });

  it('tells the SQL that it carries', () => {
    const collector = new UnitCollector();
    collector.add(parse('select 1'));
    collector.add(parse('select 2'));
    const unit = collector.add(frame('S'));
    expect(unit && sqlOf(unit)).toEqual(['select 1', 'select 2']);
  });
});
