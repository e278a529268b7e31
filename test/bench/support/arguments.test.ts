import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.js';

const known = ['intake', 'soak'];

describe('the command line of the bench', () => {
  it('asks for everything at full size when nothing is said', () => {
    expect(readArguments([], known)).toEqual({
      list: false,
      scenarios: [],
      size: 1,
      json: undefined,
      profile: undefined,
    });
  });

  it('names scenarios, size and files', () => {
    const given = ['--scenario', 'intake', '--scenario', 'soak', '--size', '0.1', '--json', 'x.json', '--profile', 'p'];
    expect(readArguments(given, known)).toEqual({
      list: false,
      scenarios: ['intake', 'soak'],
      size: 0.1,
      json: 'x.json',
      profile: 'p',
    });
  });

  it.each([
    [['--scenario', 'intak'], 'There are: intake, soak'],
    [['--size', '2'], '--size is a number'],
    [['--size', 'half'], '--size is a number'],
    [['--fast'], '--list'],
    [['intake'], '--scenario NAME'],
  ])('%j is answered with what can be asked', (given, says) => {
    expect(() => readArguments(given, known)).toThrow(says);
  });
});
