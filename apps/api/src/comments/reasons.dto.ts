import { ApiProperty } from '@nestjs/swagger';
import { reasons, steps } from '#domain/comments/reason-codes.js';

class ReasonView {
  @ApiProperty({ example: 'auto-reply-unsure' })
  code!: string;

  @ApiProperty({ enum: steps, example: 'triage' })
  step!: string;

  @ApiProperty({ example: reasons['auto-reply-unsure'].explanation, description: 'What happened and why.' })
  explanation!: string;

  @ApiProperty({ example: reasons['auto-reply-unsure'].todo, description: 'What a person should do now.' })
  todo!: string;
}

export class ReasonList {
  @ApiProperty({ type: [ReasonView] })
  reasons!: readonly ReasonView[];
}

export function toReasonList(): ReasonList {
  return { reasons: Object.entries(reasons).map(([code, reason]) => ({ code, ...reason })) };
}
