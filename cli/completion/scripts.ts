/** The scripts of the shells. Each completes files where an option's values cannot be listed. */

import type { CommandDescription, Option } from '../description';

interface Completed {
  readonly summary: string;
  readonly description: CommandDescription;
}

export const scripts: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
  bash,
  zsh,
  fish,
};

function optionsOf({ options }: CommandDescription): [string, Option][] {
  return Object.values(options).flatMap((group) => Object.entries(group));
}

function choicesOf(option: Option): readonly string[] {
  return (option.type === 'string' && option.choices) || [];
}

function bash(commands: readonly Completed[]): string {
  const names = commands.map(({ description }) => description.name).join(' ');
  const cases = commands.map(({ description }) => {
    const options = optionsOf(description);
    const flags = options.map(([name]) => `--${name}`);
    const words = [...flags, ...(description.positional?.choices ?? [])].join(' ');
    const listed = options.filter(([, option]) => choicesOf(option).length > 0);
    const values = listed.map(
      ([name, option]) => `        --${name}) words="${choicesOf(option).join(' ')}" ;;`,
    );
    const open = options
      .filter(([, option]) => option.type === 'string' && choicesOf(option).length === 0)
      .map(([name]) => `--${name}`);
    return [
      `    ${description.name})`,
      '      case "$previous" in',
      ...values,
      ...(open.length > 0 ? [`        ${open.join('|')}) return ;;`] : []),
      `        *) words="${words}" ;;`,
      '      esac ;;',
    ].join('\n');
  });
  return `_apigw_logs() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "help version ${names}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
    help) words="${names}" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _apigw_logs apigw-logs`;
}

function zsh(commands: readonly Completed[]): string {
  const names = commands.map(
    ({ summary, description }) => `    ${quoted(`${description.name}:${summary}`)}`,
  );
  const cases = commands.map(({ description }) => {
    const specs = optionsOf(description).map(([name, option]) => {
      const repeated = option.multiple ? '*' : '';
      const text = option.description.replace(/[[\]:\\]/g, '\\$&');
      const value =
        option.type === 'string' ? `:${option.value}:${actionOf(choicesOf(option))}` : '';
      return `        ${quoted(`${repeated}--${name}[${text}]${value}`)}`;
    });
    const { positional } = description;
    const rest = positional
      ? [`        ${quoted(`*:${positional.name}:${actionOf(positional.choices ?? [])}`)}`]
      : [];
    return `    ${description.name})\n      _arguments \\\n${[...specs, ...rest].join(' \\\n')} ;;`;
  });
  return `#compdef apigw-logs
_apigw_logs() {
  local -a commands
  commands=(
    'help:tell more of a command'
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$name" in
    help) _describe command commands ;;
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_apigw_logs" ]; then _apigw_logs "$@"; else compdef _apigw_logs apigw-logs; fi`;
}

function actionOf(choices: readonly string[]): string {
  return choices.length > 0 ? `(${choices.join(' ')})` : '_files';
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ summary, description }) => {
    const { name, positional } = description;
    const within = `complete -c apigw-logs -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c apigw-logs -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(positional?.choices ? [`${within} -f -a ${quoted(positional.choices.join(' '))}`] : []),
      ...optionsOf(description).map(([option, each]) => {
        const choices = choicesOf(each);
        const value =
          each.type === 'boolean'
            ? ''
            : choices.length > 0
              ? ` -x -a ${quoted(choices.join(' '))}`
              : ' -r';
        return `${within} -l ${option}${value} -d ${quoted(each.description)}`;
      }),
    ];
  });
  return lines.join('\n');
}

/** In single quotes; fish and zsh read a quote in between as a POSIX shell does. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
