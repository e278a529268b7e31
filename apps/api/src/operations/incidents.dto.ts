import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { incidentKinds, type Incident } from '#domain/notifications/incidents.js';

export class IncidentsQuery {
  @ApiPropertyOptional({ type: 'integer', default: 50, minimum: 1, maximum: 500, description: 'How many at most.' })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;
}

class IncidentView {
  @ApiProperty({ example: '7' })
  id!: string;

  @ApiProperty({ enum: Object.keys(incidentKinds), example: 'upstream-away' })
  kind!: string;

  @ApiProperty({ example: 'openai', description: 'What it is about: a vendor, a kind of call, an account.' })
  subject!: string;

  @ApiProperty({ example: incidentKinds['upstream-away'].what, description: 'What happened and what it means.' })
  what!: string;

  @ApiProperty({ example: incidentKinds['upstream-away'].next, description: 'What to do.' })
  next!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { call: 'openai classification' },
    description: 'Names and figures; they differ from kind to kind.',
  })
  detail!: Readonly<Record<string, string | number>>;

  @ApiProperty({ format: 'date-time' })
  openedAt!: string;

  @ApiProperty({
    format: 'date-time',
    nullable: true,
    type: String,
    example: null,
    description: 'Null while it lasts.',
  })
  closedAt!: string | null;
}

export class IncidentList {
  @ApiProperty({ type: [IncidentView] })
  incidents!: readonly IncidentView[];
}

export function toIncidentView({ id, kind, subject, detail, openedAt, closedAt }: Incident): IncidentView {
  const { what, next } = incidentKinds[kind];
  return {
    id,
    kind,
    subject,
    what,
    next,
    detail: detail ?? {},
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}
