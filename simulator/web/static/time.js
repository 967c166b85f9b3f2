// Moments as people of the station read them: always Asia/Shanghai (+08:00, no summer time).

const SHANGHAI_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
const WEEKDAYS = ["日", "一", "二", "三", "四", "五", "六"];

function parts(ms) {
  const shifted = new Date(ms + SHANGHAI_MS);
  return {
    day: Math.floor((ms + SHANGHAI_MS) / DAY_MS),
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    date: shifted.getUTCDate(),
    weekday: WEEKDAYS[shifted.getUTCDay()],
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

const two = (number) => String(number).padStart(2, "0");

export function clockTime(ms) {
  const at = parts(ms);
  return `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
}

export function clockDate(ms) {
  const at = parts(ms);
  return `${at.year}年${at.month}月${at.date}日 星期${at.weekday}`;
}

/** "09:03" today, "昨天 09:03", "3月4日 09:03" otherwise. */
export function stamp(ms, nowMs) {
  const at = parts(ms);
  const today = parts(nowMs).day;
  const time = `${two(at.hour)}:${two(at.minute)}`;
  if (at.day === today) {
    return time;
  }
  return at.day === today - 1 ? `昨天 ${time}` : `${at.month}月${at.date}日 ${time}`;
}

/** Whole seconds from `ms` to the next 08:00, at least one. */
export function secondsToMorning(ms) {
  const local = ms + SHANGHAI_MS;
  const todayEight = Math.floor(local / DAY_MS) * DAY_MS + 8 * 3600 * 1000;
  const target = local < todayEight ? todayEight : todayEight + DAY_MS;
  return Math.max(1, Math.ceil((target - local) / 1000));
}

/** "31 分钟", "2 小时 5 分钟" for a length in seconds. */
export function spanText(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor((seconds % 86400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Math.floor(seconds % 60);
  const words = [
    [days, "天"],
    [hours, "小时"],
    [minutes, "分钟"],
    [rest, "秒"],
  ];
  return words.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(" ") || "0 秒";
}
