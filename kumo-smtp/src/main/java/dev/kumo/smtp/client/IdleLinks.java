package dev.kumo.smtp.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections that wait a moment for another message, by site; bounded in number and time. */
final class IdleLinks {

    private static final int MOST = 64;
    private static final int MOST_OF_SITE = 4;

    /** A farewell may take seconds, so that the watchdog cannot say it. */
    private final ScheduledThreadPoolExecutor reaper;

    private final Map<String, Deque<SmtpLink>> bySite = new HashMap<>();
    private int count;
    private boolean closed;

    IdleLinks() {
        reaper = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "kumo-smtp-idle");
            thread.setDaemon(true);
            return thread;
        });
        reaper.setKeepAliveTime(5, TimeUnit.SECONDS);
        reaper.allowCoreThreadTimeOut(true);
        reaper.setRemoveOnCancelPolicy(true);
    }

    /** The one that was used last, which is the least likely to have gone. */
    synchronized Optional<SmtpLink> take(String site) {
        Deque<SmtpLink> links = bySite.get(site);
        SmtpLink link = links == null ? null : links.pollLast();
        return link == null ? Optional.empty() : Optional.of(removed(site, link));
    }

    void give(String site, SmtpLink link, Duration time) {
        if (keep(site, link)) {
            reaper.schedule(() -> expire(site, link, time), TimeUnit.NANOSECONDS.convert(time), TimeUnit.NANOSECONDS);
        } else {
            link.close();
        }
    }

    private synchronized boolean keep(String site, SmtpLink link) {
        Deque<SmtpLink> links = bySite.computeIfAbsent(site, unused -> new ArrayDeque<>());
        if (closed || count >= MOST || links.size() >= MOST_OF_SITE || !link.isOpen()) {
            if (links.isEmpty()) {
                bySite.remove(site);
            }
            return false;
        }
        links.addLast(link);
        count++;
        return true;
    }

    private void expire(String site, SmtpLink link, Duration time) {
        if (overdue(site, link, time) != null) {
            link.close();
        }
    }

    /** The link, unless it is in use, or has been since. */
    private synchronized @Nullable SmtpLink overdue(String site, SmtpLink link, Duration time) {
        Deque<SmtpLink> links = bySite.get(site);
        boolean due = links != null && link.idleFor().compareTo(time) >= 0 && links.remove(link);
        return due ? removed(site, link) : null;
    }

    private SmtpLink removed(String site, SmtpLink link) {
        count--;
        bySite.computeIfPresent(site, (unused, rest) -> rest.isEmpty() ? null : rest);
        return link;
    }

    void close() {
        Deque<SmtpLink> all = new ArrayDeque<>();
        synchronized (this) {
            closed = true;
            bySite.values().forEach(all::addAll);
            bySite.clear();
            count = 0;
        }
        all.forEach(SmtpLink::close);
        reaper.shutdownNow();
    }
}
