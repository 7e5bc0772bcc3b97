// Values of options, checked where they are read.
import { InvalidArgumentError } from 'commander';
import { parseInstant } from '../base/instant.js';

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** As it was given: `now` is told by the clock of the services, which only they know. @throws GluepotError `usage` */
export function instantText(text: string): string {
  parseInstant(text, new Date());
  return text;
}

/** For an option that may be repeated. */
export function collected(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function decimalNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** @param what it must be, e.g. `a folder` */
export function nonEmpty(what: string): (text: string) => string {
  return (text) => {
    if (text === '') throw new InvalidArgumentError(`It must be ${what}.`);
    return text;
  };
}

export function httpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('It must be a URL, such as http://127.0.0.1:4566.');
  }
  return text;
}
