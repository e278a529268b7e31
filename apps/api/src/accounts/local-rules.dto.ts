import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { localRules, type LocalRule } from '#domain/comments/local-rules.js';

/** Each of the local rules, on or off. */
export class LocalRuleSwitches {
  @ApiProperty({ example: true, description: 'Only friendly emoji: positive feedback.' })
  @IsBoolean()
  'emoji-only'!: boolean;

  @ApiProperty({ example: true, description: 'Only names of other people, with or without emoji: spam / irrelevant.' })
  @IsBoolean()
  'mention-only'!: boolean;

  @ApiProperty({ example: true, description: 'Words that copied advertising is made of: spam / irrelevant.' })
  @IsBoolean()
  'known-spam'!: boolean;

  @ApiProperty({
    example: true,
    description: 'The author\u2019s own words of the last hour once more in the same thread: the same verdict again.',
  })
  @IsBoolean()
  repeat!: boolean;
}

export function switchesOf(off: ReadonlySet<LocalRule>): LocalRuleSwitches {
  const isOn = (rule: LocalRule): boolean => !off.has(rule);
  return {
    'emoji-only': isOn('emoji-only'),
    'mention-only': isOn('mention-only'),
    'known-spam': isOn('known-spam'),
    repeat: isOn('repeat'),
  };
}

export function switchedOff(switches: LocalRuleSwitches): readonly LocalRule[] {
  return localRules.filter((rule) => !switches[rule]);
}
