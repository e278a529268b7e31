import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** How long one page of a list is. */
export class LimitQuery {
  @ApiPropertyOptional({ type: 'integer', default: 50, minimum: 1, maximum: 100, description: 'How many at most.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
