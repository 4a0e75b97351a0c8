package io.github.solrcascade;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.solr.SolrTestCase;
import org.junit.Test;

/** What a team-draft page is made of. */
public class TeamDraftTest extends SolrTestCase {
  private static final List<String> A = List.of("1", "2", "3", "4", "5");
  private static final List<String> B = List.of("5", "4", "3", "2", "1");

  private static List<String> ids(List<TeamDraft.Pick> page) {
    return page.stream().map(TeamDraft.Pick::id).toList();
  }

  private static long ofA(List<TeamDraft.Pick> page) {
    return page.stream().filter(TeamDraft.Pick::isOfA).count();
  }

  @Test
  public void eachTeamHasOneOfEveryTwo() {
    for (long seed = 0; seed < 50; seed++) {
      List<TeamDraft.Pick> page = TeamDraft.draft(A, B, 4, seed);
      assertEquals(1, ofA(page.subList(0, 2)));
      assertEquals(1, ofA(page.subList(2, 4)));
      assertEquals(4, new HashSet<>(ids(page)).size());
      assertTrue(Set.of("1", "5").contains(page.get(0).id()));
      assertEquals(page.get(0).id().equals("1"), page.get(0).isOfA());
    }
  }

  @Test
  public void tossesAreFair() {
    long first = 0;
    for (long seed = 0; seed < 1000; seed++) {
      first += ofA(TeamDraft.draft(A, B, 1, random().nextLong()));
    }
    assertTrue(String.valueOf(first), first > 400 && first < 600);
  }

  @Test
  public void longerPageBeginsLikeTheShorter() {
    for (long seed = 0; seed < 20; seed++) {
      assertEquals(TeamDraft.draft(A, B, 2, seed), TeamDraft.draft(A, B, 5, seed).subList(0, 2));
    }
  }

  @Test
  public void oneThatRunsOutLeavesTheRestToTheOther() {
    List<TeamDraft.Pick> page = TeamDraft.draft(A, List.of("1"), 10, 3);
    assertEquals(new HashSet<>(A), new HashSet<>(ids(page)));
    assertEquals(5, page.size());
    assertTrue(TeamDraft.draft(List.of(), List.of(), 10, 1).isEmpty());
  }
}
