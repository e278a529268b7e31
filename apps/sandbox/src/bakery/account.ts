/** The bakery's professional account. */
export const bakeryAccount = {
  /** What webhooks carry in `entry.id` and what `/me?fields=user_id` answers. */
  id: '17841400000000021',
  /** What `/me?fields=id` answers: app-scoped and different on purpose, as at Meta. */
  appScopedId: '26500000000000021',
  /** `self_ig_scoped_id` in webhooks about the account's own comments. */
  selfScopedId: '10570000000000021',
  username: 'warm.bread',
  name: 'Тёплый хлеб · Warm Bread',
  picture: 'avatar.svg',
} as const;
