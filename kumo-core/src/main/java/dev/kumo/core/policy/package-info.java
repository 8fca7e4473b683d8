/**
 * Who may relay, per client and per domain, and what a policy may answer.
 */
@NullMarked
package dev.kumo.core.policy;

import org.jspecify.annotations.NullMarked;
