package dev.kumo.core.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items of many keys, taken one of each key in turn, and in order of arrival within a key. So a key with a million
 * items holds up one with a single item no longer than one with two does.
 *
 * <p>The number of items is bounded, and divided fairly too: a key may hold as many as there is room for beside them.
 * One busy key gets half of the room, two get a third each, and so on, so that there is always some left for others.
 *
 * <p>Any number of threads may use it. Each operation takes constant time.
 */
final class FairQueue<K, T> {

    private final int capacity;
    /** In the order of their turns. */
    private final LinkedHashMap<K, ArrayDeque<T>> waiting = new LinkedHashMap<>();

    private int size;

    /** Holds up to {@code capacity} items in all. */
    FairQueue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a queue holds at least 1 item, not " + capacity);
        }
        this.capacity = capacity;
    }

    /** Puts an item last of its key; false if its key has had its share of the room. */
    synchronized boolean offer(K key, T item) {
        if (size(key) >= capacity - size) {
            return false;
        }
        waiting.computeIfAbsent(key, first -> new ArrayDeque<>(2)).add(item);
        size++;
        return true;
    }

    /** Takes the first item of the key whose turn it is; null if there is none at all. */
    synchronized @Nullable T poll() {
        Iterator<Map.Entry<K, ArrayDeque<T>>> turns = waiting.entrySet().iterator();
        if (!turns.hasNext()) {
            return null;
        }
        Map.Entry<K, ArrayDeque<T>> turn = turns.next();
        K key = turn.getKey();
        ArrayDeque<T> items = turn.getValue();
        turns.remove();
        T item = items.remove();
        if (!items.isEmpty()) {
            waiting.put(key, items);
        }
        size--;
        return item;
    }

    /** Takes all items of a key, in order. */
    synchronized List<T> removeAll(K key) {
        ArrayDeque<T> items = waiting.remove(key);
        if (items == null) {
            return List.of();
        }
        size -= items.size();
        return new ArrayList<>(items);
    }

    /** How many items wait. */
    synchronized int size() {
        return size;
    }

    /** How many items of a key wait. */
    synchronized int size(K key) {
        ArrayDeque<T> items = waiting.get(key);
        return items == null ? 0 : items.size();
    }
}
