package dev.kumo.core.delivery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the messages of a scheduled queue are delivered: the key {@code protocol} of {@code make_queue_config}. */
public sealed interface Protocol {

    /** SMTP to the hosts that the DNS has for the domain of the queue. */
    Protocol DEFAULT = new Smtp(List.of(), false);

    /**
     * By the {@link Delivery} of the MTA, which for mail in the world is SMTP.
     *
     * @param mxList {@code mx_list}: the hosts to go to, in this order; empty for those that the DNS has for the domain. At most 100. A
     *     delivery that knows but one way for all mail, such as a folder, does not look at it
     * @param treatMxListAsSecure {@code treat_mx_list_as_secure}: the list is as good as one that was signed in the DNS. DANE would
     *     need that, which there is none of here, so it changes nothing yet
     */
    record Smtp(List<SmartHost> mxList, boolean treatMxListAsSecure) implements Protocol {

        private static final int MOST = 100;

        /**
         * Copies the list.
         *
         * @param mxList at most 100
         * @param treatMxListAsSecure whether it is as good as signed
         * @throws IllegalArgumentException if there are more
         */
        public Smtp {
            mxList = List.copyOf(mxList);
            if (mxList.size() > MOST) {
                throw new IllegalArgumentException("mx_list has at most " + MOST + " hosts, not " + mxList.size()
                        + "; one of them takes the mail");
            }
        }
    }

    /**
     * Into a maildir, whoever the recipients are; see {@link Delivery#maildir(Path)}.
     *
     * @param path {@code maildir_path}: where it is; made if there is none
     * @param dirMode {@code dir_mode}: the permissions of directories that are made, 0700 to 0777; by default the owner's alone
     * @param fileMode {@code file_mode}: the permissions of messages, 0600 to 0777; by default the owner's alone
     */
    record Maildir(Path path, OptionalInt dirMode, OptionalInt fileMode) implements Protocol {

        /**
         * Checks the permissions.
         *
         * @param path where it is
         * @param dirMode 0700 to 0777
         * @param fileMode 0600 to 0777
         * @throws IllegalArgumentException if the owner could not use what is made
         */
        public Maildir {
            dirMode.ifPresent(mode -> requireMode("dir_mode", mode, 0700));
            fileMode.ifPresent(mode -> requireMode("file_mode", mode, 0600));
        }

        private static void requireMode(String key, int mode, int least) {
            if (mode < 0 || mode > 0777 || (mode & least) != least) {
                String meant = least == 0700 ? "775" : "664";
                throw new IllegalArgumentException(key + " must be 0" + Integer.toOctalString(least)
                        + " to 0777 in octal digits, not " + mode + ", which is octal " + Integer.toOctalString(mode)
                        + "; for octal " + meant + " write " + Integer.parseInt(meant, 8) + ", or in Lua tonumber('"
                        + meant
                        + "', 8)");
            }
        }
    }

    /**
     * Starts from {@link #DEFAULT}.
     *
     * @return the builder
     */
    static Builder builder() {
        return new Builder();
    }

    /** Collects options; one setter for each documented key. */
    final class Builder {

        private @Nullable Smtp smtp;
        private @Nullable Path maildirPath;
        private OptionalInt dirMode = OptionalInt.empty();
        private OptionalInt fileMode = OptionalInt.empty();

        private Builder() {}

        /**
         * Key {@code smtp}.
         *
         * @param options sets some of its keys
         * @return this
         * @throws IllegalArgumentException if they do not fit together
         */
        public Builder smtp(Consumer<SmtpBuilder> options) {
            SmtpBuilder builder = new SmtpBuilder();
            options.accept(builder);
            smtp = builder.build();
            return this;
        }

        /**
         * Key {@code maildir_path}.
         *
         * @param path a folder; KumoMTA's templates are not known here
         * @return this
         * @throws IllegalArgumentException if it is none, or has a gap to be filled
         */
        public Builder maildirPath(String path) {
            if (path.isEmpty() || path.contains("{{") || path.contains("{%")) {
                throw new IllegalArgumentException(
                        path.isEmpty()
                                ? "the path of a maildir is empty; name a folder"
                                : "templates such as {{ domain_part }} are not filled in here; name one folder");
            }
            return maildirPath(Path.of(path));
        }

        /**
         * Key {@code maildir_path}.
         *
         * @param path a folder
         * @return this
         */
        public Builder maildirPath(Path path) {
            maildirPath = path;
            return this;
        }

        /**
         * Key {@code dir_mode}.
         *
         * @param mode permissions of directories that are made, 0700 to 0777
         * @return this
         */
        public Builder dirMode(int mode) {
            dirMode = OptionalInt.of(mode);
            return this;
        }

        /**
         * Key {@code file_mode}.
         *
         * @param mode permissions of messages, 0600 to 0777
         * @return this
         */
        public Builder fileMode(int mode) {
            fileMode = OptionalInt.of(mode);
            return this;
        }

        /**
         * Ends the options.
         *
         * @return the protocol
         * @throws IllegalArgumentException if two protocols are named, or an option is out of its range
         */
        public Protocol build() {
            if (maildirPath != null) {
                if (smtp != null) {
                    throw new IllegalArgumentException("a queue has one protocol; give smtp or maildir_path, not both");
                }
                return new Maildir(maildirPath, dirMode, fileMode);
            }
            if (dirMode.isPresent() || fileMode.isPresent()) {
                throw new IllegalArgumentException("dir_mode and file_mode are those of a maildir; give maildir_path");
            }
            return smtp == null ? DEFAULT : smtp;
        }
    }

    /** Collects the options of SMTP; one setter for each documented key. */
    final class SmtpBuilder {

        private List<SmartHost> mxList = List.of();
        private boolean treatMxListAsSecure;

        private SmtpBuilder() {}

        /**
         * Key {@code mx_list}.
         *
         * @param hosts as {@link SmartHost#parse} reads them, in the order in which to try them
         * @return this
         * @throws IllegalArgumentException if there is none, or one is no host
         */
        public SmtpBuilder mxList(String... hosts) {
            return mxList(List.of(hosts));
        }

        /**
         * Key {@code mx_list}.
         *
         * @param hosts each a {@link SmartHost}, a text as {@link SmartHost#parse} reads it, or a table with the texts {@code name} and
         *     {@code addr}; in the order in which to try them
         * @return this
         * @throws IllegalArgumentException if there is none, or one is no host
         */
        public SmtpBuilder mxList(List<?> hosts) {
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("the list names no host; leave it out for those of the DNS");
            }
            List<SmartHost> read = new ArrayList<>();
            for (Object host : hosts) {
                read.add(SmartHost.of(host));
            }
            mxList = read;
            return this;
        }

        /**
         * Key {@code treat_mx_list_as_secure}.
         *
         * @param secure default false
         * @return this
         */
        public SmtpBuilder treatMxListAsSecure(boolean secure) {
            treatMxListAsSecure = secure;
            return this;
        }

        private Smtp build() {
            return new Smtp(mxList, treatMxListAsSecure);
        }
    }
}
