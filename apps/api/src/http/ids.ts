import { BadRequestException } from '@nestjs/common';
import { AppError } from '#domain/shared/errors.js';
import { AccountId, CommentId, MediaId } from '#domain/shared/ids.js';

export const unknownComment = 'There is no comment with this id.';

/** For the document of routes with an account in their path. */
export const accountParameter = {
  name: 'id',
  schema: { type: 'string' },
  example: '17841400000000000',
  description: 'Instagram\u2019s id of the account.',
} as const;
export const unknownAccount = {
  when: 'No such account is connected.',
  detail: 'no account 17841400000000000 is connected',
};

/** A text of a path that must be an id. @throws AppError 'not-found' for what can be none */
export function commentIdOf(text: string): CommentId {
  const id = CommentId.safeParse(text);
  if (id.success) return id.data;
  throw new AppError('not-found', unknownComment);
}

/** @throws AppError 'not-found' */
export function accountIdOf(text: string): AccountId {
  const id = AccountId.safeParse(text);
  if (id.success) return id.data;
  throw new AppError('not-found', 'No account can have this id.');
}

/** @throws AppError 'not-found' */
export function postIdOf(text: string): MediaId {
  const id = MediaId.safeParse(text);
  if (id.success) return id.data;
  throw new AppError('not-found', 'No post can have this id.');
}

/** The filter of a list: left out, it is of all accounts. @throws BadRequestException */
export function accountFilter(text: string | undefined): AccountId | undefined {
  if (text === undefined) return undefined;
  const id = AccountId.safeParse(text);
  if (id.success) return id.data;
  throw new BadRequestException(['account is no account\u2019s id']);
}
