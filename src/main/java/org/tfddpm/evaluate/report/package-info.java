/** What is said of an evaluation: tables for people, JSON and CSV for programs, plots. */
package org.tfddpm.evaluate.report;
