/** What a status is called where nobody has a better word. */
export const problemTitles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Authorization is needed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible in this state',
  413: 'The body is too large',
  415: 'This kind of body is not accepted',
  422: 'A rule does not allow this',
  429: 'Too many requests',
  500: 'Something went wrong here',
  503: 'Not available now',
};
