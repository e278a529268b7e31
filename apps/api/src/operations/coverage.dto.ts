import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { AccountCoverage } from '#domain/coverage/coverage.js';

export class CoverageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    default: 24,
    minimum: 1,
    maximum: 8760,
    description: 'The window\u2019s length.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(8760)
  hours = 24;
}

class AccountCoverageView {
  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 'warm.bread' })
  username!: string;

  @ApiProperty({ type: 'integer', example: 412, description: 'Comments that the platform told about by itself.' })
  seenByWebhook!: number;

  @ApiProperty({ type: 'integer', example: 1, description: 'Comments that were found by looking, without a webhook.' })
  foundByPolling!: number;

  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'What the platform counts under the posts of the last month, now, and does not list or tell.',
  })
  unexplained!: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the last comment came by webhook; null when none ever came.',
  })
  lastEventAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the posts were last looked at.',
  })
  lastLookAt!: string | null;
}

export class CoverageReport {
  @ApiProperty({ format: 'date-time', description: 'The begin of the window; it ends now.' })
  since!: string;

  @ApiProperty({ type: [AccountCoverageView] })
  accounts!: readonly AccountCoverageView[];
}

export function toCoverageReport(since: Date, accounts: readonly AccountCoverage[]): CoverageReport {
  return {
    since: since.toISOString(),
    accounts: accounts.map((account) => ({
      accountId: account.accountId,
      username: account.username,
      seenByWebhook: account.seenByWebhook,
      foundByPolling: account.foundByPolling,
      unexplained: account.unexplained,
      lastEventAt: account.lastEventAt?.toISOString() ?? null,
      lastLookAt: account.lastLookAt?.toISOString() ?? null,
    })),
  };
}
