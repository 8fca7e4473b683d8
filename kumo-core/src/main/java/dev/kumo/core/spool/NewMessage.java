package dev.kumo.core.spool;

/** A message that is to be stored. */
final class NewMessage {

    final Index.Key key;

    /** Which of the contents that come with it is its own. */
    final int content;

    /** Where its body begins among those that are packed with it, and its length. */
    final int from;

    final int length;

    /** Given by the index. */
    int slot = -1;

    long arrival;

    /** Where it was written. */
    int offset;

    NewMessage(Index.Key key, int content, int from, int length) {
        this.key = key;
        this.content = content;
        this.from = from;
        this.length = length;
    }
}
