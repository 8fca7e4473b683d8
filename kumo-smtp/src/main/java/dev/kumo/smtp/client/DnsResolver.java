package dev.kumo.smtp.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Asks the DNS. One method, so that any library, cache or test can stand in.
 *
 * <p>The resolvers made here ask name servers by UDP, each question from a port of its own, and by TCP where an answer
 * is too large; at most 128 questions are open at once, further ones wait. They know no {@code hosts} file and no search
 * domains, and keep no answers: {@link MxResolver} and {@link MtaSts} do.
 *
 * <p>Any number of threads may use a resolver at once.
 */
public interface DnsResolver extends AutoCloseable {

    /** How long {@link #system} and {@link #of(List)} look for an answer before it is {@link DnsAnswer.Failed}: 5 s. */
    Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Asks for the records of a name. Aliases are followed, unless the question is for {@link DnsType#CNAME} itself; a
     * chain that is too long or leads back is a {@link DnsAnswer.Failed}.
     *
     * @param name a full domain name, with or without a dot at its end
     * @param type what is asked for
     * @param <T> what one record says
     * @return the answer, when it is there. Trouble is an answer, too: a stage that ends with an exception counts as
     *     {@link DnsAnswer.Failed}. What is hung on it without an executor of its own must not block
     * @throws IllegalArgumentException if that is no domain name
     */
    <T> CompletionStage<DnsAnswer<T>> lookup(String name, DnsType<T> type);

    /** Ends all questions that are open with {@link DnsAnswer.Failed}, and frees what the resolver holds. */
    @Override
    void close();

    /**
     * A resolver that asks the name servers of the operating system, and learns within minutes when they change.
     *
     * @return to be closed
     */
    static DnsResolver system() {
        return NettyDns.system(PATIENCE);
    }

    /**
     * A resolver that asks given name servers. They have to be recursive, or know everything that is asked.
     *
     * @param servers at least one; the first three are asked, a later one when an earlier one fails
     * @return to be closed
     * @throws IllegalArgumentException if there is none, or one has a name instead of an address
     */
    static DnsResolver of(List<InetSocketAddress> servers) {
        return of(servers, PATIENCE);
    }

    /**
     * A resolver that asks given name servers.
     *
     * @param servers at least one; the first three are asked, a later one when an earlier one fails
     * @param patience how long to look for one answer in all; a name server has a third of it
     * @return to be closed
     * @throws IllegalArgumentException if there is no server, one has a name instead of an address, or the time is under
     *     3 ms or over a minute
     */
    static DnsResolver of(List<InetSocketAddress> servers, Duration patience) {
        return NettyDns.of(servers, patience);
    }
}
