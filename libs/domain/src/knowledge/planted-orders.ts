import { looksLatin, plain, unmixed } from '../replies/gate/readings.js';

/**
 * Words that are meant for a model and not for customers. A brand's documents speak to customers; who writes such a thing
 * into one wants answers to go his way.
 */
const orders =
  /(?:ignor\p{L}*|disregard\p{L}*|forget|overrid\p{L}*|bypass\p{L}*) (?:\p{L}+ ){0,4}(?:instruction|prompt|rule|guideline|direction|order|context|message)s?|(?:previous|prior|above|earlier|initial|system) (?:instruction|prompt|message|rule)s?|system (?:prompt|message|note|override)|(?<!\p{L})(?:system|assistant|developer|user) ?:|<\|?\/?(?:im_start|im_end|system|inst|sys)|\[\/?(?:inst|system|sys)\]|(?:note|message|attention|instructions?|important|warning|hint) (?:to|for) (?:the |all |any |every )?(?:ai|a\.i\.|assistant|model|bot|chat ?bot|llm|language model|robot|machine|reader of this data)|(?:you are|you.re) (?:now|no longer)|(?<!\p{L})(?:act|behave|respond|speak|pose) as (?:if|an?|the)|pretend (?:to|that|you)|(?:as|dear|hey|hello) (?:an? )?(?:ai|assistant|language model|chat ?bot|model)(?!\p{L})|(?:always|only|must|should|shall|instead|please|now|then|to (?:every|any|all|each) \p{L}+) ?,? ?(?:reply|answer|respond|say|write|tell|repeat|output|print|state|mention|recommend|include|add|append|end)(?:s|ed|ing)? (?:with|only|exactly|that|the (?:following|text|words)|them|every|all|this|to (?:every|all|any)|to (?:call|visit|pay|write|use|go)|customers?|everyone|everybody|users?|it)|(?:reply|answer|respond)(?:ing)? (?:to )?(?:every|all|any|each) (?:\p{L}+ ){0,2}(?:question|comment|customer|message|person|user)|(?:reply|answer|respond) (?:only |exactly )?with(?!in)|your (?:new )?(?:instruction|task|goal|role|answer|reply|response|output|system prompt)s?(?! (?:will|is ready))|(?:reveal|print|show|repeat|leak|output) (?:\p{L}+ ){0,3}(?:prompt|instruction|secret|key|password)s?|(?:classify|label|mark|flag|rate|treat|sort) (?:this|it|me|everything|the comment|all) (?:\p{L}+ ){0,2}as|confidence (?:of )?100|say exactly|jailbreak|developer mode|prompt injection|(?:игнорир\p{L}+|забудь\p{L}*|отмен\p{L}+|не соблюдай\p{L}*|обойди\p{L}*) (?:\p{L}+ ){0,4}(?:инструкц|указан|правил|промпт|команд|запрет)\p{L}*|(?:предыдущ|прежн|прошл|системн|исходн)\p{L}+ (?:инструкц|указан|правил|промпт|сообщен|команд)\p{L}*|(?<!\p{L})(?:система|ассистент|разработчик|системное сообщение) ?:|(?:инструкци\p{L}|сообщение|указание|приказ|внимание|важно|заметка|команда) ?,? ?(?:(?:для )?(?:бот|модел|ассистент|нейросет|ai|llm)\p{L}*|(?:для )?ии)(?!\p{L})|(?<!\p{L})(?:ты|вы) (?:теперь|больше не|отныне)|притвор\p{L}+|(?:всегда|только|обязательно|теперь|на любой вопрос|на все вопросы|на каждый вопрос|каждому|всем|вместо этого) ?,? ?(?:отвеча|ответь|пиши|напиши|говори|скажи|сообща|сообщи|добавля|добавь|рекоменду|повтор|вставля)\p{L}*|(?:отвечай\p{L}*|ответь\p{L}*|отвечать) (?:на (?:все|любой|любые|каждый)|только|всем|так|следующ|фраз|словами|точно)\p{L}*|(?:сво\p{L}+|твои\p{L}*|твой|твоя) (?:инструкц|задач|рол|цел|ответ|промпт)\p{L}*|(?:классифицируй|отметь|пометь|считай) (?:это|его|всё|все)|скажи (?:точно|ровно|дословно)|режим разработчика|взломай|(?:ignoriere|vergiss) (?:\p{L}+ ){0,4}(?:anweisung|regel)\p{L}*|(?:ignora|olvida) (?:\p{L}+ ){0,4}(?:instruccion|regla)\p{L}*|(?:ignore|oublie) (?:\p{L}+ ){0,4}(?:instruction|consigne|règle)\p{L}*|antworte (?:immer|nur|auf)|responde (?:siempre|solo|a todo)|réponds (?:toujours|seulement|à tout)/u;

/**
 * What is left of a text without the paragraphs that speak to a model: neither the model sees them nor are they a source.
 * A code or an address that stands nowhere else is then said by nobody.
 */
export function withoutOrders(text: string): string {
  return text
    .split(/\n{2,}/u)
    .filter((paragraph) => !givesOrders(paragraph))
    .join('\n\n')
    .trim();
}

/** Whether a text speaks to a model, in whatever letters. */
export function givesOrders(text: string): boolean {
  const said = plain(text);
  return [said, unmixed(said), looksLatin(said)].some((reading) => orders.test(reading));
}
