// Messages of queues: sent, received for a while, deleted, and moved to another queue after too many receives.
import type { MessageSystemAttributeName } from '@aws-sdk/client-sqs';
import type { State } from '../state/state.js';
import { attributesText, type MessageAttributes } from './message-attributes.js';

export interface StoredMessage {
  number: number;
  messageId: string;
  body: string;
  attributes: MessageAttributes;
  systemAttributes: Partial<Record<MessageSystemAttributeName, string>>;
  sentMs: number;
  receiveCount: number;
  firstReceivedMs: number | undefined;
}

export interface MessageCounts {
  visible: number;
  inFlight: number;
  delayed: number;
}

export interface MessageTable {
  send(
    queue: string,
    message: Pick<StoredMessage, 'messageId' | 'body' | 'attributes' | 'systemAttributes' | 'sentMs'>,
    delayMs: number,
  ): void;
  /** Those that may be received, the longest visible first. */
  visible(queue: string, nowMs: number, count: number): StoredMessage[];
  /** Hides a message until `visibleMs` and gives it the handle of this receive. */
  take(number: number, receipt: string, nowMs: number, visibleMs: number): void;
  move(
    number: number,
    queue: string,
    systemAttributes: StoredMessage['systemAttributes'],
    nowMs: number,
  ): void;
  /** False when the handle is not that of the message's last receive. */
  deleteByReceipt(queue: string, number: number, receipt: string): boolean;
  /** False when the message is not in flight under that handle. */
  setVisible(queue: string, number: number, receipt: string, nowMs: number, visibleMs: number): boolean;
  /** When the next message becomes visible; undefined when none will. */
  nextVisibleMs(queue: string, nowMs: number): number | undefined;
  deleteSentBefore(queue: string, sentMs: number): void;
  deleteAll(queue: string): void;
  /** Of those that were sent at `sentMs` or later. */
  count(queue: string, nowMs: number, sentMs: number): MessageCounts;
}

interface Row {
  number: number;
  message_id: string;
  body: string;
  attributes: string;
  system_attributes: string;
  sent_ms: number;
  receive_count: number;
  first_received_ms: number | null;
}

export function openMessageTable(state: State): MessageTable {
  return {
    send(queue, { messageId, body, attributes, systemAttributes, sentMs }, delayMs) {
      state
        .sql(
          `INSERT INTO queue_messages (queue, message_id, body, attributes, system_attributes, sent_ms, visible_ms,
             is_delayed, receive_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
        )
        .run(
          queue,
          messageId,
          body,
          attributesText.write(attributes),
          JSON.stringify(systemAttributes),
          sentMs,
          sentMs + delayMs,
          delayMs > 0 ? 1 : 0,
        );
    },
    visible(queue, nowMs, count) {
      const rows = state
        .sql(
          'SELECT * FROM queue_messages WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, number LIMIT ?',
        )
        .all(queue, nowMs, count) as Row[];
      return rows.map((row) => ({
        number: row.number,
        messageId: row.message_id,
        body: row.body,
        attributes: attributesText.read(row.attributes),
        systemAttributes: JSON.parse(row.system_attributes) as StoredMessage['systemAttributes'],
        sentMs: row.sent_ms,
        receiveCount: row.receive_count,
        firstReceivedMs: row.first_received_ms ?? undefined,
      }));
    },
    take(number, receipt, nowMs, visibleMs) {
      state
        .sql(
          `UPDATE queue_messages SET receipt = ?, visible_ms = ?, is_delayed = 0, receive_count = receive_count + 1,
             first_received_ms = coalesce(first_received_ms, ?) WHERE number = ?`,
        )
        .run(receipt, visibleMs, nowMs, number);
    },
    move(number, queue, systemAttributes, nowMs) {
      state
        .sql(
          'UPDATE queue_messages SET queue = ?, system_attributes = ?, visible_ms = ?, receipt = NULL WHERE number = ?',
        )
        .run(queue, JSON.stringify(systemAttributes), nowMs, number);
    },
    deleteByReceipt: (queue, number, receipt) =>
      state
        .sql('DELETE FROM queue_messages WHERE number = ? AND queue = ? AND receipt = ?')
        .run(number, queue, receipt).changes === 1,
    setVisible: (queue, number, receipt, nowMs, visibleMs) =>
      state
        .sql(
          'UPDATE queue_messages SET visible_ms = ? WHERE number = ? AND queue = ? AND receipt = ? AND visible_ms > ?',
        )
        .run(visibleMs, number, queue, receipt, nowMs).changes === 1,
    nextVisibleMs(queue, nowMs) {
      const row = state
        .sql('SELECT min(visible_ms) AS next_ms FROM queue_messages WHERE queue = ? AND visible_ms > ?')
        .get(queue, nowMs) as { next_ms: number | null };
      return row.next_ms ?? undefined;
    },
    deleteSentBefore(queue, sentMs) {
      state.sql('DELETE FROM queue_messages WHERE queue = ? AND sent_ms < ?').run(queue, sentMs);
    },
    deleteAll(queue) {
      state.sql('DELETE FROM queue_messages WHERE queue = ?').run(queue);
    },
    count(queue, nowMs, sentMs) {
      return state
        .sql(
          `SELECT count(*) FILTER (WHERE visible_ms <= ?1) AS visible,
             count(*) FILTER (WHERE visible_ms > ?1 AND is_delayed = 0) AS inFlight,
             count(*) FILTER (WHERE visible_ms > ?1 AND is_delayed = 1) AS delayed
           FROM queue_messages WHERE queue = ?2 AND sent_ms >= ?3`,
        )
        .get(nowMs, queue, sentMs) as MessageCounts;
    },
  };
}
