import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import {
  moderationActions,
  moderationStates,
  type Moderation,
  type ModerationAction,
} from '#domain/moderation/moderation.js';
import { privateReplyRules, type WrittenReply } from '#domain/replies/private-replies.js';
import { replyStates } from '#domain/replies/reply.js';

export class NewModerationBody {
  @ApiProperty({
    enum: moderationActions,
    example: 'hide',
    description: 'delete is for good, with the replies under it.',
  })
  @IsIn(moderationActions)
  action!: ModerationAction;

  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    example: 'c0ffee00-0000-4000-8000-000000000001',
    description:
      'Your own name for this request. Repeated with the same one it is the same request, also when it is done.',
  })
  @IsOptional()
  @Matches(/^[\x21-\x7E]{1,64}$/u, { message: 'requestId must be 1 to 64 visible ASCII characters' })
  requestId?: string | null;
}

export class ModerationView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17865799348089039' })
  commentId!: string;

  @ApiProperty({ enum: moderationActions, example: 'hide' })
  action!: string;

  @ApiProperty({ enum: moderationStates, example: 'due', description: 'due: it is being done.' })
  state!: string;
}

export class NewPrivateReplyBody {
  @ApiProperty({
    example: 'Hello Anna! We have sent you the price list by e-mail.',
    maxLength: privateReplyRules.bytes,
    description: `At most ${privateReplyRules.bytes} bytes of UTF-8: about half as many characters in Cyrillic.`,
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(privateReplyRules.bytes)
  text!: string;
}

export class PrivateReplyView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17865799348089039' })
  commentId!: string;

  @ApiProperty({ enum: replyStates, example: 'drafted', description: 'drafted: it is about to be sent.' })
  state!: string;

  @ApiProperty({ example: 'Hello Anna! We have sent you the price list by e-mail.' })
  text!: string;
}

export function toModerationView({ id, commentId, action, state }: Moderation): ModerationView {
  return { id, commentId, action, state };
}

export function toPrivateReplyView(commentId: string, { id, state, text }: WrittenReply): PrivateReplyView {
  return { id, commentId, state, text };
}
