import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { answerSettings, type AnswerSettings } from '#domain/answers/settings.js';
import type { AnswerSettingsVersion } from '#domain/answers/settings-history.js';
import { documented, VersionedBody } from '../policies/policies.dto.js';

const example: AnswerSettings = {
  voice: 'Warm and short, like a baker behind the counter.',
  languages: ['en', 'ru'],
  fallback: 'Good question! A colleague will answer you here soon.',
  signature: '— your bakery team',
  emoji: 'few',
  forbiddenTopics: ['politics', 'competitor'],
  target: 250,
};

export class AnswerSettingsBody extends VersionedBody {
  @ApiProperty({ ...documented(answerSettings), example, description: 'All of it, as a whole.' })
  @IsObject()
  settings!: object;
}

export class AnswerSettingsView {
  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ type: 'integer', example: 3, description: '0 as long as nobody has decided anything.' })
  version!: number;

  @ApiProperty({ ...documented(answerSettings), example })
  settings!: object;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  changedAt!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'operator' })
  changedBy!: string | null;

  @ApiProperty({ type: String, nullable: true, example: null })
  note!: string | null;
}

export class AnswerSettingsVersions {
  @ApiProperty({ type: [AnswerSettingsView], description: 'Newest first.' })
  versions!: readonly AnswerSettingsView[];

  @ApiProperty({ type: 'integer', nullable: true, description: '`before` for the next page; null on the last one.' })
  next!: number | null;
}

export function toAnswerSettingsView({
  accountId,
  version,
  settings,
  changedAt,
  changedBy,
  note,
}: AnswerSettingsVersion): AnswerSettingsView {
  return {
    accountId,
    version,
    settings,
    changedAt: changedAt?.toISOString() ?? null,
    changedBy: changedBy ?? null,
    note: note ?? null,
  };
}
