// AWS's built-in classifiers of logs. Which lines they know is documented; their columns are not.
import { grokClassifier } from './grok-classifier.js';
import type { Classifier } from './classifier.js';

/**
 * In AWS's order (AWS docs: built-in classifiers, which name them and say that all but Ruby, Squid and Redis go by grok
 * patterns). The patterns, and so the names and types of the columns, are guesses: no crawled table of a log is known.
 */
export const LOG_CLASSIFIERS: readonly Classifier[] = [
  grokClassifier({ classification: 'combined_apache', grokPattern: '%{COMBINEDAPACHELOG}' }),
  grokClassifier({ classification: 'apache', grokPattern: '%{COMMONAPACHELOG}' }),
  grokClassifier({
    classification: 'linux_kernel',
    grokPattern: String.raw`%{SYSLOGTIMESTAMP:timestamp} %{SYSLOGHOST:logsource} kernel: (?:\[%{SPACE:UNWANTED}%{NUMBER:uptime}\] )?%{GREEDYDATA:message}`,
  }),
  grokClassifier({
    classification: 'microsoft_log',
    grokPattern:
      '%{IPORHOST:clientip}, %{NOTSPACE:username}, %{DATE_US:date}, %{TIME:time}, %{NOTSPACE:service}, %{NOTSPACE:servername}, %{IPORHOST:serverip}, %{INT:timetaken}, %{INT:bytessent}, %{INT:bytesreceived}, %{INT:status}, %{INT:windowsstatus}, %{WORD:verb}, %{NOTSPACE:target}, %{NOTSPACE:parameters},?',
  }),
  grokClassifier({
    classification: 'ruby_logger',
    grokPattern: String.raw`%{WORD:severity_short}, \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid}\] +%{LOGLEVEL:severity} -- +%{DATA:progname}: %{GREEDYDATA:message}`,
    isLikely: (line) => /^[DIWEFA], \[/.test(line),
  }),
  grokClassifier({
    classification: 'squid',
    grokPattern: String.raw`%{NUMBER:timestamp} +%{INT:elapsed} %{IPORHOST:clientip} %{WORD:cacheresult}/%{INT:status} %{INT:bytes} %{WORD:verb} %{NOTSPACE:url} %{NOTSPACE:user} %{WORD:hierarchy}/%{NOTSPACE:server} %{NOTSPACE:contenttype}`,
  }),
  grokClassifier({
    classification: 'redismonlog',
    grokPattern: String.raw`%{NUMBER:timestamp} \[%{INT:database} %{NOTSPACE:client}\] "%{WORD:command}"%{SPACE:UNWANTED}%{GREEDYDATA:params}`,
  }),
  grokClassifier({
    classification: 'redislog',
    grokPattern: String.raw`(?:%{POSINT:pid}:[XCSM]|\[%{POSINT:pid}\]) %{MONTHDAY:day} %{MONTH:month}(?: %{YEAR:year})? %{TIME:time} [*#.-] %{GREEDYDATA:message}`,
  }),
];
