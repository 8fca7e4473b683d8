/**
 * Delivery by SMTP: how a domain becomes hosts to connect to.
 */
@NullMarked
package dev.kumo.smtp.client;

import org.jspecify.annotations.NullMarked;
