import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { pauseReasons, pauseScopes, type Pause } from '#domain/work/pauses.js';

// With its zone: without one it would be a time of wherever the server stands.
const timeWithZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})$/u;

export class PauseBody {
  @ApiPropertyOptional({
    type: String,
    maxLength: 500,
    example: 'A complaint is being handled by phone.',
    description: 'For whoever asks later why it is paused.',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  note?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    example: '2027-01-01T08:00:00Z',
    description: 'It ends by itself then. Left out: it lasts until somebody resumes.',
  })
  @IsOptional()
  @Matches(timeWithZone, { message: 'until is not a time like 2027-01-01T08:00:00Z' })
  until?: string | null;
}

export class PauseView {
  @ApiProperty({ enum: pauseScopes, example: 'account' })
  scope!: string;

  @ApiProperty({ example: '17841400000000000', description: 'The account, the post, or all.' })
  id!: string;

  @ApiProperty({
    enum: pauseReasons,
    example: 'person',
    description:
      'person: somebody asked for it. disconnected: Instagram no longer accepts the token. blocked: Instagram blocks ' +
      'actions of the account for a while.',
  })
  why!: string;

  @ApiProperty({ enum: ['system', 'operator'], example: 'operator' })
  by!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when.' })
  at!: string;

  @ApiProperty({
    format: 'date-time',
    nullable: true,
    type: String,
    example: null,
    description: 'When it ends by itself; null when it does not.',
  })
  until!: string | null;

  @ApiProperty({ nullable: true, type: String, example: 'A complaint is being handled by phone.' })
  note!: string | null;
}

export class PauseList {
  @ApiProperty({ type: [PauseView], description: 'Those in force, oldest first.' })
  pauses!: readonly PauseView[];
}

export function toPauseView({ scope, id, why, by, at, until, note }: Pause): PauseView {
  return { scope, id, why, by, at: at.toISOString(), until: until?.toISOString() ?? null, note: note ?? null };
}
