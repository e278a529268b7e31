/** ISO 4217: what is in use, without metals, funds and test codes. */
const codes = `
  AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
  COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR
  IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR
  MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
  SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF
  XPF YER ZAR ZMW ZWG`;
const known: ReadonlySet<string> = new Set(codes.trim().split(/\s+/u));

const withoutDecimals = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' '));
const withThree = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** How people write them; the first code is meant where nothing else says which one. Compared in small letters, without dots. */
const signs: Readonly<Record<string, readonly string[]>> = {
  '₽': ['RUB'],
  р: ['RUB'],
  руб: ['RUB'],
  рублей: ['RUB'],
  рубля: ['RUB'],
  рубль: ['RUB'],
  rur: ['RUB'],
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'MXN', 'ARS', 'CLP', 'COP', 'TWD', 'BSD', 'JMD'],
  долл: ['USD'],
  '€': ['EUR'],
  евро: ['EUR'],
  euro: ['EUR'],
  '£': ['GBP', 'EGP', 'FKP', 'GIP', 'SHP'],
  '¥': ['JPY', 'CNY'],
  '₴': ['UAH'],
  грн: ['UAH'],
  '₸': ['KZT'],
  тг: ['KZT'],
  тенге: ['KZT'],
  '₹': ['INR'],
  '₺': ['TRY'],
  '₩': ['KRW'],
  '₪': ['ILS'],
  '₫': ['VND'],
  '₾': ['GEL'],
  '₼': ['AZN'],
  '֏': ['AMD'],
  zł: ['PLN'],
  kč: ['CZK'],
};

const shown: Readonly<Record<string, string>> = {
  RUB: '₽',
  USD: '$',
  EUR: '€',
  GBP: '£',
  UAH: '₴',
  KZT: '₸',
  INR: '₹',
  TRY: '₺',
  ILS: '₪',
  JPY: '¥',
};

export function isCurrency(code: string): boolean {
  return known.has(code);
}

/** Which currencies a sign, a word or a code may mean, the likeliest first; none when it is none. */
export function currenciesFrom(text: string): readonly string[] {
  const word = text.normalize('NFKC').replaceAll(/[\s.]/gu, '');
  const code = word.toUpperCase();
  return isCurrency(code) ? [code] : (signs[word.toLowerCase()] ?? []);
}

/** Decimals of its smallest coin. */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  if (withoutDecimals.has(currency)) return 0;
  return withThree.has(currency) ? 3 : 2;
}

/** As people write it. */
export function signOf(currency: string): string {
  return shown[currency] ?? currency;
}
