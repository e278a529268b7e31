/** Days of the week, and months without a day, as several languages begin them. */
const days: readonly RegExp[] = [
  /(?<!\p{L})(?:mondays?|понедельник\p{L}*|montags?|lunes|lundi|понеділ\p{L}*)(?!\p{L})/u,
  /(?<!\p{L})(?:tuesdays?|вторник\p{L}*|dienstags?|martes|mardi|вівтор\p{L}*)(?!\p{L})/u,
  /(?<!\p{L})(?:wednesdays?|сред[ауые]|по средам|mittwochs?|miércoles|mercredi|серед[ауи])(?!\p{L})/u,
  /(?<!\p{L})(?:thursdays?|четверг\p{L}*|donnerstags?|jueves|jeudi|четвер\p{L}*)(?!\p{L})/u,
  /(?<!\p{L})(?:fridays?|пятниц\p{L}*|freitags?|viernes|vendredi|п.?ятниц\p{L}*)(?!\p{L})/u,
  /(?<!\p{L})(?:saturdays?|суббот\p{L}*|samstags?|sábados?|samedi|субот\p{L}*)(?!\p{L})/u,
  /(?<!\p{L})(?:sundays?|воскресен\p{L}*|sonntags?|domingos?|dimanche|неділ\p{L}*)(?!\p{L})/u,
  /(?<!\p{L})(?:january|январ[ьея]\p{L}*|januar|enero)(?!\p{L})/u,
  /(?<!\p{L})(?:february|феврал\p{L}*|februar|febrero)(?!\p{L})/u,
  /(?<!\p{L})(?:in march|март[еа]|märz|marzo)(?!\p{L})/u,
  /(?<!\p{L})(?:april|апрел\p{L}*|abril)(?!\p{L})/u,
  /(?<!\p{L})(?:(?:in|until|till|by|from|since) may|ма[ея]|mayo)(?!\p{L})/u,
  /(?<!\p{L})(?:june|июн[еья]\p{L}*|junio)(?!\p{L})/u,
  /(?<!\p{L})(?:july|июл[еья]\p{L}*|julio)(?!\p{L})/u,
  /(?<!\p{L})(?:august|август\p{L}*|agosto)(?!\p{L})/u,
  /(?<!\p{L})(?:september|сентябр\p{L}*|septiembre)(?!\p{L})/u,
  /(?<!\p{L})(?:october|октябр\p{L}*|oktober|octubre)(?!\p{L})/u,
  /(?<!\p{L})(?:november|ноябр\p{L}*|noviembre)(?!\p{L})/u,
  /(?<!\p{L})(?:december|декабр\p{L}*|dezember|diciembre)(?!\p{L})/u,
];
const weekdays = 7;
/** Whoever says this has spoken of each day of the week. */
const everyDay =
  /every ?day|daily|each day|7 days|24\/7|all week|weekend|weekday|mon(?:day)? ?(?:-|to|till|through)|каждый день|ежедневно|без выходных|будни|будням|выходн|пн ?-|понедельника по|круглосуточно|todos los días|täglich|jeden tag|tous les jours|щодня|күн сайын/u;

/** Words for days that are not those of the sources or of the question. All texts as `plain` makes them. */
export function datesIn(said: string, known: string, question: string): readonly string[] {
  const open = everyDay.test(known);
  return days.flatMap((day, index) => {
    const found = day.exec(said)?.[0];
    if (found === undefined || day.test(known)) return [];
    if (index < weekdays && (open || day.test(question))) return [];
    return [found];
  });
}
