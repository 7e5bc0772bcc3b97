// Shell completion for the command line, as a script of the shell: commands, options and the words that an option takes.
import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may stand behind a command: `place` is its words, each after a slash; '' is the program's. */
interface Place {
  place: string;
  /** Commands, or the choices of its arguments. */
  words: { name: string; description: string }[];
  options: CompletedOption[];
}

interface CompletedOption {
  long: string;
  short?: string;
  description: string;
  takesValue: boolean;
  choices: readonly string[];
}

/** The script that `program` is completed by; see `gluepot completion --help` for how it is used. */
export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program, '', []);
  switch (shell) {
    case 'bash':
      return bashScript(places);
    case 'zsh':
      return zshScript(places);
    case 'fish':
      return fishScript(places);
  }
}

/** A command takes its own options and those of all commands above it. */
function placesOf(command: Command, place: string, inherited: readonly CompletedOption[]): Place[] {
  const own = command.options
    .filter((option) => option.long !== undefined && !option.hidden)
    .map((option): CompletedOption => ({
      long: option.long as string,
      ...(option.short === undefined ? {} : { short: option.short }),
      description: option.description,
      takesValue: option.required || option.optional,
      choices: option.argChoices ?? [],
    }));
  const options = [...own, ...inherited.filter(({ long }) => !own.some((each) => each.long === long))];
  const commands = command.commands.map((child) => ({
    name: child.name(),
    description: child.description(),
  }));
  const words = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((name) => ({ name, description })),
  );
  const children = command.commands.flatMap((child) => placesOf(child, `${place}/${child.name()}`, options));
  return [{ place, words: [...commands, ...words], options: [...options, HELP] }, ...children];
}

const HELP: CompletedOption = {
  long: '--help',
  short: '-h',
  description: 'print help',
  takesValue: false,
  choices: [],
};

function optionWords(options: readonly CompletedOption[]): string[] {
  return options.map(({ long }) => long);
}

/** Where a word leads on from a place, e.g. `/catalog/snapshot`. */
function steps(places: readonly Place[]): string[] {
  return places.map(({ place }) => place).filter((place) => place !== '');
}

/** `place:--option` and the words that the option takes; none for one that takes any text. */
function valuesOf(places: readonly Place[]): { key: string; choices: readonly string[] }[] {
  return places.flatMap(({ place, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ long, choices }) => ({ key: `${place}:${long}`, choices })),
  );
}

function bashScript(places: readonly Place[]): string {
  const ofPlaces = places.map(
    ({ place, words, options }) =>
      `    '${place}') words='${[...words.map(({ name }) => name), ...optionWords(options)].join(' ')}' ;;`,
  );
  const ofValues = valuesOf(places).map(({ key, choices }) =>
    choices.length > 0
      ? `    '${key}') COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current")); return ;;`
      : `    '${key}') COMPREPLY=($(compgen -f -- "$current")); return ;;`,
  );
  return `# bash completion for gluepot: eval "$(gluepot completion bash)"
_gluepot() {
  local current="\${COMP_WORDS[COMP_CWORD]}" place='' words='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$place/\${COMP_WORDS[index]}" in
      ${steps(places).join(' | ')}) place="$place/\${COMP_WORDS[index]}" ;;
    esac
  done
  case "$place:\${COMP_WORDS[COMP_CWORD - 1]}" in
${ofValues.join('\n')}
  esac
  case "$place" in
${ofPlaces.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _gluepot gluepot
`;
}

function zshScript(places: readonly Place[]): string {
  const described = (word: string, text: string) => singleQuoted(`${word.replaceAll(':', '\\:')}:${text}`);
  const ofPlaces = places.map(({ place, words, options }) => {
    const candidates = [
      ...words.map(({ name, description }) => described(name, description)),
      ...options.map(({ long, description }) => described(long, description)),
    ];
    return `    '${place}') candidates=(${candidates.join(' ')}) ;;`;
  });
  const ofValues = valuesOf(places).map(({ key, choices }) =>
    choices.length > 0
      ? `    '${key}') compadd -- ${choices.join(' ')}; return ;;`
      : `    '${key}') _files; return ;;`,
  );
  return `#compdef gluepot
# zsh completion for gluepot: source <(gluepot completion zsh)
_gluepot() {
  local place='' word
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place/$word" in
      (${steps(places).join('|')}) place="$place/$word" ;;
    esac
  done
  case "$place:\${words[CURRENT-1]}" in
${ofValues.join('\n')}
  esac
  case "$place" in
${ofPlaces.join('\n')}
  esac
  _describe 'gluepot' candidates || _files
}
compdef _gluepot gluepot
`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ place, words, options }) => {
    const at = `complete -c gluepot -n '__gluepot_at "${place}"'`;
    return [
      ...words.map(({ name, description }) => `${at} -f -a ${name} -d ${singleQuoted(description)}`),
      ...options.map(({ long, short, description, takesValue, choices }) =>
        [
          at,
          `-l ${long.slice(2)}`,
          ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
          ...(takesValue ? ['-r'] : []),
          ...(choices.length > 0 ? [`-f -a '${choices.join(' ')}'`] : []),
          `-d ${singleQuoted(description)}`,
        ].join(' '),
      ),
    ];
  });
  return `# fish completion for gluepot: gluepot completion fish | source
function __gluepot_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    if contains -- "$place/$word" ${steps(places).join(' ')}
      set place "$place/$word"
    end
  end
  test "$place" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", '’').replaceAll('\\', '\\\\')}'`;
}
